import type { Config } from '../../src/config.ts';
import type { MeasuredErrorRate } from '../../src/recognition/model-manifest.ts';
import type { ServedModel } from '../../src/recognition/recognition-service.ts';

/** A model as clients see it: OpenAI's four fields, then what there is to know before using it. */
export function describeModel(model: ServedModel, config: Config) {
  const { manifest, loaded, files, createdAt } = model;
  const { features, card } = manifest;
  return {
    id: model.name,
    object: 'model',
    created: Math.floor(createdAt.getTime() / 1000),
    owned_by: 'sori',
    sha256: manifest.ctc.sha256,
    files,
    description: manifest.description,
    language: manifest.language,
    labels: manifest.alphabet.labels.length,
    architecture: manifest.ctc.architecture,
    features: {
      kind: features.kind,
      sample_rate_hz: features.sampleRateHz,
      dims: loaded.dims,
      frame_shift_seconds: loaded.frameShiftSeconds,
    },
    decoders: loaded.decoders,
    limits: {
      max_body_bytes: config.maxBodyBytes,
      max_audio_seconds: config.maxAudioSeconds,
      max_frames: loaded.maxFrames,
      queue: config.queueLimit,
      deadline_seconds: config.deadlineSeconds,
    },
    summary: card?.summary ?? null,
    error_rates: (card?.errorRates ?? []).map(describeErrorRate),
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
