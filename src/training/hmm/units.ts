import type { UnitDefinition } from '../../hmm/definition.ts';
import type { GaussianMixtures } from '../../hmm/emissions/gaussian-mixtures.ts';
import { ergodicUnit, leftToRightUnit } from '../../hmm/topology.ts';
import type { HmmTrainingConfiguration } from './configuration.ts';
import type { FrameTransform } from './transform.ts';

/** Units that stand for no word. No word has such a name: words hold no brackets. */
export const silenceUnit = '<silence>';
export const noiseUnit = '<noise>';
export const fillerUnit = '<filler>';

/** `word` is any unit that words are made of. */
export type UnitKind = 'word' | 'silence' | 'noise' | 'filler';

/** All that training changes. */
export type HmmParameters = {
  /** The pronunciations of every word, as sequences of units; does not change. */
  readonly lexicon: Readonly<Record<string, readonly (readonly string[])[]>>;
  readonly units: Readonly<Record<string, UnitDefinition>>;
  readonly mixtures: GaussianMixtures;
  readonly transform: FrameTransform | undefined;
};

/**
 * How the words of a vocabulary are spoken: as the configuration says, or each as a unit of its own.
 * @throws Error where the configuration's lexicon has another vocabulary, or a unit with a reserved name
 */
export function trainingLexicon(
  lexicon: HmmTrainingConfiguration['lexicon'],
  words: readonly string[],
): HmmParameters['lexicon'] {
  if (lexicon === undefined) return Object.fromEntries(words.map((word) => [word, [[word]]]));
  const missing = words.find((word) => !Object.hasOwn(lexicon, word));
  if (missing !== undefined)
    throw new Error(`lexicon: expected every word of the labels, got none for "${missing}"`);
  const unknown = Object.keys(lexicon).find((word) => !words.includes(word));
  if (unknown !== undefined)
    throw new Error(`lexicon: expected words of the labels, got "${unknown}"`);
  const reserved = [silenceUnit, noiseUnit, fillerUnit].find((name) =>
    Object.values(lexicon).flat(2).includes(name),
  );
  if (reserved !== undefined) throw new Error(`lexicon: ${reserved} stands for no part of a word`);
  return lexicon;
}

/** The units before anything is known of them. States are not shared. */
export function initialUnits(
  config: HmmTrainingConfiguration['units'],
  lexicon: HmmParameters['lexicon'],
): Record<string, UnitDefinition> {
  let column = 0;
  const columns = (count: number) => Array.from({ length: count }, () => column++);
  const units: Record<string, UnitDefinition> = {};
  for (const unit of new Set(Object.values(lexicon).flat(2))) {
    const states = config.word.statesOf[unit] ?? config.word.states;
    const skip = config.word.skip ? 0.1 : 0;
    units[unit] = leftToRightUnit(columns(states), { stay: 0.6, skip });
  }
  units[silenceUnit] = ergodicUnit(columns(config.silence.states), { stay: 0.8, leave: 0.05 });
  if (config.noise !== undefined)
    units[noiseUnit] = ergodicUnit(columns(config.noise.states), { stay: 0.8, leave: 0.05 });
  if (config.filler !== undefined)
    units[fillerUnit] = ergodicUnit(columns(config.filler.states), { stay: 0.7, leave: 0.03 });
  return units;
}

export function kindOf(unit: string): UnitKind {
  switch (unit) {
    case silenceUnit:
      return 'silence';
    case noiseUnit:
      return 'noise';
    case fillerUnit:
      return 'filler';
    default:
      return 'word';
  }
}

/** Emission columns of all units together. */
export function columnCount(units: HmmParameters['units']): number {
  return 1 + Math.max(...Object.values(units).flatMap(({ emissions }) => emissions));
}

/** columns; how many Gaussians each state is to have */
export function componentTargets(
  units: HmmParameters['units'],
  components: Readonly<Record<UnitKind, number>>,
): Int32Array {
  const targets = new Int32Array(columnCount(units));
  for (const [name, { emissions }] of Object.entries(units))
    for (const column of emissions) targets[column] = components[kindOf(name)];
  return targets;
}
