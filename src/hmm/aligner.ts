import type { AlignedWord, Aligner, Alignment, AlignOptions } from '../decoding/aligner.ts';
import type { EmissionMatrix } from '../decoding/emission-matrix.ts';
import { SoriError } from '../errors.ts';
import { wordLoop, wordSequence } from '../language/simple-graphs.ts';
import { alignedUnits } from './aligned-units.ts';
import { pathOfArc } from './arc-path.ts';
import { checkColumns } from './decoder.ts';
import { buildDecodingNetwork, type DecodingNetwork } from './decoding-network.ts';
import type { HmmDefinition } from './definition.ts';
import { fewestFrames } from './fewest-frames.ts';
import { labelOfArc } from './lattice-arcs.ts';
import { LatticePosteriors } from './lattice-posteriors.ts';
import { bestPathOf } from './n-best.ts';
import { type Sounds, soundsOf } from './sounds.ts';
import { TokenPassing } from './token-passing.ts';

/** Characters of an unknown word that a message quotes. */
const longestQuoted = 60;

/** How many words a text may have: as many as ten minutes of speech at five words a second. */
const mostWords = 3000;

/**
 * Forced alignment: the best path through the words of a text in their order, each in its likeliest
 * pronunciation, with silence and noises where they are heard, but no other speech.
 *
 * - `score` of the alignment: ln of that path, noise penalties included; words cost nothing, since they are
 *   given. Scores of words, units and states are emissions and transitions of their frames.
 * - Confidence of a word: the posterior probability that the model, left free to hear any of its words,
 *   hears this one there: C_max of Wessel et al. (2001) over the aligned word's frames, in the lattice of
 *   the free loop. It says whether the word was said, where the alignment has to assume it.
 *
 * The beam is the definition's; a text that gets lost in it is looked for with wider ones.
 */
export class HmmAligner implements Aligner {
  readonly name = 'hmm';
  private readonly definition: HmmDefinition;
  /** What may be heard in an alignment: no speech beside the words. */
  private readonly sounds: Sounds;
  private readonly freeNetwork: DecodingNetwork;
  private readonly freeTokenPassing: TokenPassing;

  constructor(definition: HmmDefinition) {
    this.definition = definition;
    const { filler: _, ...wordsOnly } = definition;
    const decoding = { ...definition.decoding, wordPenalty: 0 };
    this.sounds = soundsOf({ ...wordsOnly, decoding });
    const freeLoop = wordLoop(Object.keys(definition.lexicon));
    this.freeNetwork = buildDecodingNetwork(freeLoop, soundsOf(definition));
    this.freeTokenPassing = new TokenPassing(this.freeNetwork);
  }

  /**
   * Throws `RangeError` unless the emissions are frames × the model's columns.
   *
   * @param words each in the lexicon, as it is written there
   * @throws SoriError unalignable_text when a word is unknown, there are too many words at all or for the
   *   frames, or the recording cannot be explained by them
   */
  align(emissions: EmissionMatrix, words: readonly string[], options: AlignOptions): Alignment {
    checkColumns('HmmAligner', emissions, this.freeNetwork.columns);
    this.checkText(words, emissions.frames);
    const { checkpoint } = options;
    const network = buildDecodingNetwork(wordSequence(words), this.sounds);
    const { beam } = this.definition.decoding;
    const lattice = new TokenPassing(network).searchToEnd(emissions, beam, checkpoint);
    const best = bestPathOf(lattice);
    if (best === undefined) {
      const text = count(words.length, 'word');
      const frames = count(emissions.frames, 'frame');
      fail(
        lattice.isFull
          ? `expected a text closer to what is said, or a shorter recording: there are more ways to lay ${text} over ${frames} than can be searched`
          : `expected a recording that can be heard as the text's ${text} and silence, got ${frames} that cannot`,
      );
    }
    const confidenceOf = this.confidences(emissions, checkpoint);
    const timeOf = (frame: number) =>
      Math.min(frame * options.frameShiftSeconds, options.durationSeconds);
    const aligned = best.arcs
      .filter((arc) => labelOfArc(lattice, network, arc) >= 0)
      .map((arc): AlignedWord => {
        const path = pathOfArc(lattice, network, emissions, arc);
        const word = path.sound.word!;
        return {
          word,
          startSeconds: timeOf(path.firstFrame),
          endSeconds: timeOf(path.endFrame),
          score: path.acoustic + path.transitions,
          confidence: confidenceOf(word, path.firstFrame, path.endFrame),
          units: alignedUnits(path, emissions, timeOf),
        };
      });
    return { words: aligned, score: best.score };
  }

  private checkText(words: readonly string[], frames: number): void {
    if (words.length > mostWords) {
      fail(`expected at most ${mostWords} words, got ${words.length}`);
    }
    let fewest = 0;
    for (const [index, word] of words.entries()) {
      const spoken = this.sounds.words.get(word);
      if (spoken === undefined) {
        const known = this.sounds.words.size;
        fail(
          `word ${index + 1}: expected one of the model's ${count(known, 'word')}, got ${JSON.stringify(word.slice(0, longestQuoted))}`,
        );
      }
      fewest += Math.min(...spoken.map(({ composite }) => fewestFrames(composite.chain)));
    }
    if (fewest > frames) {
      fail(
        `expected at least ${count(fewest, 'frame')} for the text's ${count(words.length, 'word')}, got ${frames}`,
      );
    }
  }

  /** How sure the free loop is of a word somewhere in its frames; 0 where it hears no end. */
  private confidences(emissions: EmissionMatrix, checkpoint?: () => void) {
    const { beam, posteriorScale } = this.definition.decoding;
    const lattice = this.freeTokenPassing.searchToEnd(emissions, beam, checkpoint);
    if (lattice.finals.length === 0) return () => 0;
    const posteriors = new LatticePosteriors(lattice, this.freeNetwork, posteriorScale, checkpoint);
    const labels = new Map(this.freeNetwork.labels.map((word, label) => [word, label]));
    return (word: string, firstFrame: number, endFrame: number) =>
      posteriors.confidenceOf(labels.get(word)!, firstFrame, endFrame);
  }
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function fail(message: string): never {
  throw new SoriError('unalignable_text', message, { param: 'text' });
}
