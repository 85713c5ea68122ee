import { type HmmDefinition, hmmDefinitionSchema } from '../../hmm/definition.ts';
import { fillerUnit, type HmmParameters, kindOf, noiseUnit, silenceUnit } from './units.ts';

/** What decoding needs besides the graph: each word is spoken as the unit of its name. */
export function hmmDefinitionOf(
  { units, mixtures, transform }: HmmParameters,
  decoding: HmmDefinition['decoding'],
): HmmDefinition {
  const words = Object.keys(units).filter((name) => kindOf(name) === 'word');
  const has = (name: string) => Object.hasOwn(units, name);
  return hmmDefinitionSchema.parse({
    format: 1,
    emissions: mixtures.states,
    reach: transform?.context ?? 0,
    units,
    lexicon: Object.fromEntries(words.map((word) => [word, [[word]]])),
    silence: silenceUnit,
    noises: has(noiseUnit) ? [noiseUnit] : [],
    ...(has(fillerUnit) ? { filler: fillerUnit } : {}),
    decoding,
  });
}
