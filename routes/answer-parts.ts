import type { AlignerName } from '../src/decoding/aligner.ts';
import type { DecoderName } from '../src/decoding/decoder.ts';
import type { Hypothesis, HypothesisWord } from '../src/decoding/hypothesis.ts';
import { confidenceMapsOf } from '../src/recognition/calibration-section.ts';
import type { ModelManifest } from '../src/recognition/model-manifest.ts';
import { type PassName, passOf } from '../src/recognition/passes.ts';
import { canHoldToGrammar } from '../src/recognition/request-rules.ts';
import type { StageTimes } from '../src/recognition/staged-run.ts';

type ConfidenceMethods = { readonly text: string; readonly word: string };

/** What confidences are that rest on an acoustic model; its decoders' documentation defines them. */
const methodsOfPass: Readonly<Record<PassName, ConfidenceMethods>> = {
  ctc: { text: 'labelling_probability', word: 'word_posterior' },
  hmm: { text: 'lattice_posterior', word: 'lattice_posterior' },
  hybrid: { text: 'lattice_posterior', word: 'lattice_posterior' },
};

/**
 * What a decoder's or an aligner's confidences are, by name.
 * @param asked of the search: under a grammar confidences are not calibrated
 */
export function confidenceMethodsOf(
  manifest: ModelManifest,
  reader: DecoderName | AlignerName,
  asked: { readonly grammar?: unknown } = {},
): ConfidenceMethods {
  const methods = methodsOfPass[passOf(reader)];
  const held = asked.grammar !== undefined && canHoldToGrammar(reader);
  if (held || confidenceMapsOf(manifest, reader) === undefined) return methods;
  return { text: `calibrated_${methods.text}`, word: `calibrated_${methods.word}` };
}

/**
 * To three digits behind the point: milliseconds of a recording, microseconds of a stage. Rounding keeps
 * the order of times, and their place inside the recording.
 */
export function toThousandths(value: number): number {
  return Math.round(1000 * value) / 1000;
}

/** Milliseconds of each stage that ran. */
export function stageTimings(milliseconds: StageTimes): Record<string, number> {
  return Object.fromEntries(
    Object.entries(milliseconds).map(([stage, took]) => [`${stage}_ms`, toThousandths(took)]),
  );
}

/** The same behind those in the queue. */
export function timingsOf(
  queuedMilliseconds: number,
  milliseconds: StageTimes,
): Record<string, number> {
  return { queue_ms: toThousandths(queuedMilliseconds), ...stageTimings(milliseconds) };
}

/** When something was heard. */
export function spanAnswer(span: { readonly startSeconds: number; readonly endSeconds: number }) {
  return { start: toThousandths(span.startSeconds), end: toThousandths(span.endSeconds) };
}

export function wordAnswer({ word, confidence, ...span }: HypothesisWord) {
  return { word, ...spanAnswer(span), confidence };
}

/** JSON has no −∞, which a search gives what is impossible. */
export function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** A hypothesis among others of the same decoder. */
export function hypothesisAnswer(hypothesis: Hypothesis, options: { readonly words: boolean }) {
  const { text, confidence, score, scoreParts, words } = hypothesis;
  const parts = Object.entries(scoreParts).map(([name, part]) => [name, finiteOrNull(part)]);
  return {
    text,
    confidence,
    score: finiteOrNull(score),
    score_parts: Object.fromEntries(parts) as Record<string, number | null>,
    ...(options.words && { words: words.map(wordAnswer) }),
  };
}
