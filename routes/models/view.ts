import type { Config } from '../../src/config.ts';
import type { MeasuredErrorRate, ModelManifest } from '../../src/recognition/model-manifest.ts';
import { alignersOf, passFile } from '../../src/recognition/passes.ts';
import type { ServedModel } from '../../src/recognition/recognition-service.ts';
import { maxAlignedWords, maxTextCharacters } from '../../src/recognition/request-options.ts';
import type { LoadedPass } from '../../src/recognition/worker-protocol.ts';

/** A model as clients see it: OpenAI's four fields, then what there is to know before using it. */
export function describeModel(model: ServedModel, config: Config) {
  const { manifest, loaded, files, createdAt } = model;
  const { card } = manifest;
  const views = new Map(loaded.passes.map((pass) => [pass.name, describePass(manifest, pass)]));
  const { max_frames, ...ctc } = views.get('ctc')!;
  const { batch } = loaded.passes.find(({ name }) => name === 'ctc')!;
  return {
    id: model.name,
    object: 'model',
    created: Math.floor(createdAt.getTime() / 1000),
    owned_by: 'sori',
    ...ctc,
    files,
    description: manifest.description,
    language: manifest.language,
    labels: manifest.alphabet.labels.length,
    alphabet: manifest.alphabet,
    grammars: Object.entries(manifest.grammars ?? {}).map(([name, { description }]) => ({
      name,
      description,
    })),
    architecture: manifest.ctc.architecture,
    hmm: views.get('hmm') ?? null,
    hybrid: views.get('hybrid') ?? null,
    decoders: loaded.decoders,
    aligners: alignersOf(manifest),
    limits: {
      max_body_bytes: config.maxBodyBytes,
      max_audio_seconds: config.maxAudioSeconds,
      max_frames,
      max_n_best: config.maxHypotheses,
      max_beam_width: config.maxBeamWidth,
      max_hotwords: config.maxHotwords,
      max_grammar_size: config.maxGrammarSize,
      max_text_characters: maxTextCharacters,
      max_aligned_words: maxAlignedWords,
      queue: config.queueLimit,
      batch,
      deadline_seconds: config.deadlineSeconds,
    },
    summary: card?.summary ?? null,
    error_rates: (card?.errorRates ?? []).map(describeErrorRate),
  };
}

/** One acoustic model: which graph it is, what it reads, and how much of it at once. */
function describePass(
  manifest: ModelManifest,
  { name, dims, frameShiftSeconds, maxFrames }: LoadedPass,
) {
  const { sha256, features } = passFile(manifest, name);
  return {
    sha256,
    features: {
      kind: features.kind,
      sample_rate_hz: features.sampleRateHz,
      dims,
      frame_shift_seconds: frameShiftSeconds,
    },
    max_frames: maxFrames,
  };
}

function describeErrorRate(rate: MeasuredErrorRate) {
  const { set, clips, minutes, goal = null, decoder, date, command } = rate;
  const conditions = { decoder, date, command };
  if (rate.score === 'falseWords') {
    return {
      set,
      clips,
      minutes,
      false_words: rate.falseWords,
      false_words_per_minute: rate.falseWordsPerMinute,
      goal,
      ...conditions,
    };
  }
  return {
    set,
    clips,
    minutes,
    words: rate.words,
    word_error_rate: rate.wordErrorRate,
    substitutions: rate.substitutions,
    deletions: rate.deletions,
    insertions: rate.insertions,
    sentence_error_rate: rate.sentenceErrorRate,
    goal,
    ...conditions,
  };
}
