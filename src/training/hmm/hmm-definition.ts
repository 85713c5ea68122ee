import { type HmmDefinition, hmmDefinitionSchema } from '../../hmm/definition.ts';
import { fillerUnit, type HmmParameters, noiseUnit, silenceUnit } from './units.ts';

/** What decoding needs besides the graph. */
export function hmmDefinitionOf(
  { units, lexicon, mixtures, transform }: HmmParameters,
  decoding: HmmDefinition['decoding'],
): HmmDefinition {
  const has = (name: string) => Object.hasOwn(units, name);
  return hmmDefinitionSchema.parse({
    format: 1,
    emissions: mixtures.states,
    reach: transform?.context ?? 0,
    units,
    lexicon,
    silence: silenceUnit,
    noises: has(noiseUnit) ? [noiseUnit] : [],
    ...(has(fillerUnit) ? { filler: fillerUnit } : {}),
    decoding,
  });
}
