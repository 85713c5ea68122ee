import type { Alphabet } from '../alphabet/alphabet.ts';
import type { DecodeOptions, Decoder } from '../decoding/decoder.ts';
import type { EmissionMatrix } from '../decoding/emission-matrix.ts';
import type { Hypothesis } from '../decoding/hypothesis.ts';
import type { LabelScorer } from '../language/scorers.ts';
import { logAdd } from '../math/log-space.ts';
import { PrefixBeamSearch, type PrefixHypothesis } from './beam/prefix-beam-search.ts';
import { checkLabels } from './greedy.ts';
import { LabellingReader, type ReadingSettings } from './labelling-reader.ts';

/** How many prefixes are kept by default. */
export const defaultBeamWidth = 16;
/** How far a beam is widened in which nothing may end. */
const widestBeam = 1024;
/** Hypotheses between two calls of `checkpoint`. */
const hypothesesPerCheckpoint = 16;

/** What makes the scorer of a recording; undefined where nothing but the emissions counts. */
export type ScorerFor = (options: DecodeOptions) => LabelScorer | undefined;

/**
 * CTC's prefix beam search as a `Decoder`, of emissions that are log-probabilities of an alphabet's labels.
 *
 * - The filler is one with the blank: neither prints anything, and what the network is unsure of between the
 *   two counts for silence. A labelling then is what is printed, and without a scorer its score is ln of the
 *   text's probability, all paths together, as far as the beam kept them. A scorer may want to hear of the
 *   filler: then a labelling says, too, between which words there is other speech.
 * - Labellings that print the same (with more or fewer spaces, with other speech or without) are one
 *   hypothesis: its score is ln of the sum, its words and parts those of the best, what the others add heard.
 * - `score` is the sum of its parts: `acoustic`, and with a scorer `language`, `words` and `hotwords`.
 * - Words, their times and confidences are what `LabellingReader` makes of the labelling.
 *
 * Where the scorer lets nothing in the beam end, the beam is widened. Where there is nothing still, or
 * emissions make everything impossible, the one hypothesis is empty, of confidence 0 and score −∞.
 */
export class CtcBeamDecoder implements Decoder {
  readonly name = 'ctc_beam';
  private readonly alphabet: Alphabet;
  private readonly reader: LabellingReader;
  private readonly scorerFor: ScorerFor;

  constructor(
    alphabet: Alphabet,
    settings: ReadingSettings = {},
    scorerFor: ScorerFor = () => undefined,
  ) {
    this.alphabet = alphabet;
    this.reader = new LabellingReader(alphabet, settings);
    this.scorerFor = scorerFor;
  }

  /**
   * Throws `RangeError` unless the emissions are frames × the alphabet's size, and on nBest or beamWidth below
   * 1; passes on what making a scorer throws.
   */
  decode(emissions: EmissionMatrix, options: DecodeOptions): Hypothesis[] {
    checkLabels('CtcBeamDecoder', emissions, this.alphabet.size);
    const { nBest = 1 } = options;
    if (!Number.isInteger(nBest) || nBest < 1) {
      throw new RangeError(`[CtcBeamDecoder] expected nBest of at least 1, got ${nBest}`);
    }
    const scorer = this.scorerFor(options);
    const texts = this.search(emissions, scorer, nBest, options);
    if (texts.length === 0) return [impossible];
    return texts.map(({ labels, score, acoustic, language, words, hotwords }) => {
      const reading = this.reader.wordsOf(emissions, labels, options);
      return {
        text: reading.words.map(({ word }) => word).join(' '),
        words: reading.words,
        confidence: reading.confidence,
        score,
        scoreParts: scorer === undefined ? { acoustic } : { acoustic, language, words, hotwords },
      };
    });
  }

  private search(
    { frames, logProbs }: EmissionMatrix,
    scorer: LabelScorer | undefined,
    nBest: number,
    { beamWidth = Math.max(defaultBeamWidth, nBest), checkpoint }: DecodeOptions,
  ): PrefixHypothesis[] {
    const { size: labels, blank, filler } = this.alphabet;
    const hearsFiller = scorer?.hearsFiller === true;
    const labelSet =
      filler === undefined || hearsFiller
        ? { labels, silent: [blank], filler }
        : { labels, silent: [blank, filler] };
    for (let width = beamWidth; ; width *= 4) {
      const search = new PrefixBeamSearch(labelSet, { beamWidth: width, scorer, checkpoint });
      search.advance(logProbs, frames);
      // Where each label is a printed word, each labelling is a text.
      const found =
        this.alphabet.kind === 'words' && !hearsFiller
          ? search.hypotheses(nBest)
          : this.distinct(search, nBest, checkpoint);
      if (found.length > 0 || scorer === undefined || width >= widestBeam) return found;
    }
  }

  /** The best labellings that print different texts. */
  private distinct(
    search: PrefixBeamSearch,
    nBest: number,
    checkpoint: DecodeOptions['checkpoint'],
  ): PrefixHypothesis[] {
    const texts = new Map<string, PrefixHypothesis>();
    for (const [index, hypothesis] of search.hypotheses(Infinity).entries()) {
      if (index % hypothesesPerCheckpoint === 0) checkpoint?.();
      const text = this.alphabet.textOf(hypothesis.labels);
      const better = texts.get(text);
      texts.set(text, better === undefined ? hypothesis : together(better, hypothesis));
    }
    return [...texts.values()].sort((a, b) => b.score - a.score).slice(0, nBest);
  }
}

const impossible: Hypothesis = {
  text: '',
  words: [],
  confidence: 0,
  score: -Infinity,
  scoreParts: { acoustic: -Infinity },
};

/** Two labellings as one: the better, worth both; what the other adds counts as heard. */
function together(better: PrefixHypothesis, other: PrefixHypothesis): PrefixHypothesis {
  const gained = logAdd(better.score, other.score) - better.score;
  const acoustic = better.acoustic + gained;
  const { language, words, hotwords } = better;
  return { ...better, acoustic, score: acoustic + language + words + hotwords };
}
