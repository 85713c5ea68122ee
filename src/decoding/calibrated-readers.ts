import { z } from 'zod';
import type { Aligner } from './aligner.ts';
import { type ConfidenceMap, calibrated, confidenceMapSchema } from './confidence-map.ts';
import type { Decoder } from './decoder.ts';
import { secondsWithoutWords } from './hypothesis.ts';

/** What makes probabilities of a decoder's confidences: those of words and those of whole texts. */
export const confidenceMapsSchema = z.strictObject({
  word: confidenceMapSchema,
  text: confidenceMapSchema,
});
export type ConfidenceMaps = z.infer<typeof confidenceMapsSchema>;

/**
 * A decoder with its confidences calibrated; the same one where nothing was measured. What a grammar leaves no
 * choice in is certain of another kind than was measured: under a grammar of the request nothing is mapped.
 */
export function calibratedDecoder(decoder: Decoder, maps: ConfidenceMaps | undefined): Decoder {
  if (maps === undefined) return decoder;
  return {
    name: decoder.name,
    decode: (emissions, options) => {
      const hypotheses = decoder.decode(emissions, options);
      if (options.grammar !== undefined) return hypotheses;
      return hypotheses.map((hypothesis) => ({
        ...hypothesis,
        words: hypothesis.words.map((word) => withConfidence(word, maps.word)),
        confidence: calibrated(
          hypothesis.confidence,
          maps.text,
          secondsWithoutWords(hypothesis, options.durationSeconds),
        ),
      }));
    },
  };
}

/**
 * An aligner with the confidences of a decoder that means the same by them: a word that is certain to be
 * said has one confidence, whether it was recognised or known.
 */
export function calibratedAligner(aligner: Aligner, maps: ConfidenceMaps | undefined): Aligner {
  if (maps === undefined) return aligner;
  return {
    name: aligner.name,
    align: (emissions, words, options) => {
      const { words: aligned, ...alignment } = aligner.align(emissions, words, options);
      return { ...alignment, words: aligned.map((word) => withConfidence(word, maps.word)) };
    },
  };
}

function withConfidence<Word extends { readonly confidence: number }>(
  word: Word,
  map: ConfidenceMap,
): Word {
  return { ...word, confidence: calibrated(word.confidence, map) };
}
