import { type CompositeChain, composeChain } from './composite-chain.ts';
import type { HmmDefinition } from './definition.ts';

export type SoundKind = 'pause' | SpeechKind;
/** What was heard last, pauses aside. */
export type SpeechKind = 'word' | 'filler';

/** Something to be heard: a word in one of its pronunciations, or silence, a noise, speech unknown. */
export type Sound = {
  /** undefined for what prints nothing */
  readonly word: string | undefined;
  /** `pause` for silence and noises. */
  readonly kind: SoundKind;
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
  /** Added where speech changes between words and filler. */
  readonly switchPenalty: number;
};

/** Throws `RangeError` where the definition names units that it lacks. */
export function soundsOf(definition: HmmDefinition): Sounds {
  const { units, lexicon, silence, noises, filler, decoding } = definition;
  const { wordPenalty, noisePenalty, fillerPenalty, fillerFramePenalty = 0 } = decoding;
  const sound = (kind: SoundKind, names: readonly string[], penalty: number): Sound => ({
    word: undefined,
    kind,
    composite: composeChain([{ alternatives: [names], skip: 0 }], units),
    penalty,
    framePenalty: 0,
  });
  const words = Object.entries(lexicon).map(([word, pronunciations]) => {
    const spoken = pronunciations.map((names) => ({ ...sound('word', names, wordPenalty), word }));
    return [word, spoken] as const;
  });
  const interludes = [sound('pause', [silence], 0)];
  for (const noise of noises) interludes.push(sound('pause', [noise], noisePenalty));
  if (filler !== undefined) {
    const cheap = sound('filler', [filler], fillerPenalty);
    const composite = withFramePenalty(cheap.composite, fillerFramePenalty);
    interludes.push({ ...cheap, composite, framePenalty: fillerFramePenalty });
  }
  const switchPenalty = filler === undefined ? 0 : (decoding.switchPenalty ?? 0);
  return { columns: definition.emissions, words: new Map(words), interludes, switchPenalty };
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
