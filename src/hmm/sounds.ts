import { type CompositeChain, composeChain } from './composite-chain.ts';
import type { HmmDefinition } from './definition.ts';

/** Something to be heard: a word in one of its pronunciations, or silence, a noise, speech unknown. */
export type Sound = {
  /** undefined for what prints nothing */
  readonly word: string | undefined;
  /** Its units in a row; ways into states cost the penalty of a frame as well. */
  readonly composite: CompositeChain;
  /** Added to the ln score each time. */
  readonly penalty: number;
  /** Added besides for every frame. */
  readonly framePenalty: number;
};

/** Everything that a model can hear. */
export type Sounds = {
  /** Columns of the emission matrix. */
  readonly columns: number;
  /** By word, one a pronunciation; all are equally likely and none costs more than the others. */
  readonly words: ReadonlyMap<string, readonly Sound[]>;
  /** What may be heard before, between and after words, as often as it is. Silence first, filler last. */
  readonly interludes: readonly Sound[];
};

/** Throws `RangeError` where the definition names units that it lacks. */
export function soundsOf(definition: HmmDefinition): Sounds {
  const { units, lexicon, silence, noises, filler, decoding } = definition;
  const sound = (
    word: string | undefined,
    names: readonly string[],
    penalty: number,
    framePenalty = 0,
  ): Sound => {
    const composite = composeChain([{ alternatives: [names], skip: 0 }], units);
    return {
      word,
      composite: framePenalty === 0 ? composite : withFramePenalty(composite, framePenalty),
      penalty,
      framePenalty,
    };
  };
  const words = Object.entries(lexicon).map(([word, pronunciations]) => {
    const spoken = pronunciations.map((names) => sound(word, names, decoding.wordPenalty));
    return [word, spoken] as const;
  });
  const interludes = [sound(undefined, [silence], 0)];
  for (const noise of noises) interludes.push(sound(undefined, [noise], decoding.noisePenalty));
  if (filler !== undefined) {
    const { fillerPenalty, fillerFramePenalty } = decoding;
    interludes.push(sound(undefined, [filler], fillerPenalty, fillerFramePenalty));
  }
  return { columns: definition.emissions, words: new Map(words), interludes };
}

/** The chain with a penalty in every frame: on the way into each state, the first as the others. */
function withFramePenalty(composite: CompositeChain, penalty: number): CompositeChain {
  const { chain } = composite;
  return {
    ...composite,
    chain: {
      ...chain,
      logInitial: chain.logInitial.map((logProb) => logProb + penalty),
      arcLogProb: chain.arcLogProb.map((logProb) => logProb + penalty),
    },
  };
}
