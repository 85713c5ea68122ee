import { Alphabet } from '../alphabet/alphabet.ts';
import { CtcAligner } from '../ctc/aligner.ts';
import { CtcBeamDecoder, type ScorerFor } from '../ctc/beam-decoder.ts';
import { CtcGreedyDecoder } from '../ctc/greedy.ts';
import { labelLogProbs } from '../ctc/label-log-probs.ts';
import { compileFiniteGrammar } from '../language/finite-grammar.ts';
import { GrammarCache } from '../language/grammar-cache.ts';
import { LabelLanguage, sayableWords } from '../language/label-language.ts';
import { decodeImage } from '../language/ngram/model-image.ts';
import { NgramScorer } from '../language/ngram/ngram-scorer.ts';
import { defaultRequestGrammarLimits } from '../language/request-grammar.ts';
import type { WordScorer } from '../language/scorers.ts';
import { WordGraphScorer } from '../language/word-graph-scorer.ts';
import { AcousticPass } from './acoustic-pass.ts';
import { type ModelFolder, ModelFolderError } from './model-folder.ts';
import type { ModelManifest } from './model-manifest.ts';

/** Arcs of the grammars whose scorers are kept together. */
const mostKeptArcs = 200_000;

/** @throws ModelFolderError if ctc.onnx does not fit model.json, or the n-gram model not the alphabet */
export async function loadCtcPass({ manifest, ctc, ngram }: ModelFolder): Promise<AcousticPass> {
  const alphabet = new Alphabet(manifest.alphabet);
  const reading = { times: manifest.calibration?.times };
  return AcousticPass.load(manifest, 'ctc', {
    graph: ctc,
    units: alphabet.size,
    readers: {
      columns: alphabet.labels,
      decoders: [
        new CtcGreedyDecoder(alphabet, reading),
        new CtcBeamDecoder(alphabet, reading, scorersFor(manifest, alphabet, ngram)),
      ],
      aligners: [new CtcAligner(alphabet, reading)],
      vocabulary: sayableWords(alphabet),
      labelLogProbs: (emissions, { text }, checkpoint) =>
        labelLogProbs(emissions, alphabet, text, checkpoint),
    },
  });
}

/** What a beam search is told of language: by the model for all recordings, by a request for its own. */
function scorersFor(
  { name, ctc: { language, beam } }: ModelManifest,
  alphabet: Alphabet,
  ngram: Uint8Array | undefined,
): ScorerFor {
  const { weight } = language ?? {};
  const options = {
    ngram: ngram && new NgramScorer(decodeImage(ngram), weight === undefined ? {} : { weight }),
    ...beam,
  };
  let ofModel: LabelLanguage;
  try {
    ofModel = new LabelLanguage(alphabet, options);
  } catch (cause) {
    throw new ModelFolderError(`${name}/${language?.file}`, (cause as Error).message, { cause });
  }
  const grammars = new GrammarCache<{ scorer: WordScorer; arcs: number }>(
    (grammar) => {
      const graph = compileFiniteGrammar(grammar, defaultRequestGrammarLimits.graph);
      return { scorer: new WordGraphScorer(graph), arcs: graph.arcs.length };
    },
    ({ arcs }) => arcs,
    mostKeptArcs,
  );
  return ({ grammar, hotwords }) =>
    ofModel.scorer({
      grammar: grammar === undefined ? undefined : grammars.get(grammar).scorer,
      hotwords,
    });
}
