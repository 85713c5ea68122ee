import { z } from 'zod';
import { documentedAs } from '../../src/recognition/request-fields.ts';
import type { RequestLimits } from '../../src/recognition/request-limits.ts';
import {
  alignmentShape,
  comparisonShape,
  emissionsShape,
} from '../../src/recognition/request-options.ts';
import { comparisonAnswerSchema } from '../comparison-schemas.ts';
import { exampleWords, forModels } from '../openapi/examples.ts';
import type { ExamplesFor, Operation } from '../openapi/operation.ts';
import { emissionsHeaders, recordingErrors } from '../recognition-errors.ts';
import { transcriptionAnswers } from '../transcription-answer/operation-answers.ts';
import { alignmentAnswerSchema } from './alignment-schemas.ts';
import { transcriptionFormShape } from './schemas.ts';

const fileField = z
  .unknown()
  .register(documentedAs, { type: 'string', format: 'binary' })
  .describe('WAV, FLAC, MP3, Ogg Vorbis or Ogg Opus, 8 to 48 kHz, any number of channels.');

function form(shape: z.core.$ZodShape, examples: ExamplesFor) {
  const schema = z.strictObject({ file: fileField, ...shape });
  return [{ contentType: 'multipart/form-data', schema, examples }];
}

export const transcribeRecording = (limits: RequestLimits): Operation => ({
  id: 'transcribeRecording',
  tag: 'audio',
  summary: 'Transcribe a recording',
  description: 'OpenAI’s form; their unmodified client works with this service as its `baseURL`.',
  bodies: form(
    transcriptionFormShape(limits),
    forModels((model) => ({
      text: { summary: 'The text', value: {} },
      words: {
        summary: 'Words with their times',
        value: { response_format: 'verbose_json', timestamp_granularities: ['word'] },
      },
      subtitles: { summary: 'Subtitles', value: { response_format: 'srt' } },
      nBest: {
        summary: 'Five hypotheses of a beam search',
        value: { decoder: 'ctc_beam', n_best: 5, beam_width: 50, response_format: 'verbose_json' },
      },
      hotwords: {
        summary: 'A phrase that is hoped for',
        value: { hotwords: [`${exampleWords(model).join(' ')}:4`] },
      },
      grammar: {
        summary: 'Exactly two words',
        value: {
          grammar: JSON.stringify({
            repeat: { alternatives: exampleWords(model) },
            times: 2,
          }),
        },
      },
      logprobs: { summary: 'How probable each label is', value: { include: ['logprobs'] } },
    })),
  ),
  ...transcriptionAnswers,
  errors: recordingErrors,
});

export const compareRecording = (limits: RequestLimits): Operation => ({
  id: 'compareRecording',
  tag: 'audio',
  summary: 'Compare decoders on a recording',
  description:
    'Each acoustic model hears the recording once and every decoder reads what it heard; what is asked of the search is done by those that can, which `applied` names.',
  bodies: form(
    comparisonShape('text', limits),
    forModels((model) => ({
      all: { summary: 'Every decoder', value: {} },
      reference: {
        summary: 'With what was said',
        value: { reference: exampleWords(model).join(' ') },
      },
      ctc: {
        summary: 'Greedy decoding beside a beam',
        value: { decoders: ['ctc_greedy', 'ctc_beam'], n_best: 3 },
      },
    })),
  ),
  answers: [{ contentType: 'application/json', schema: comparisonAnswerSchema }],
  errors: recordingErrors,
});

export const alignRecording: Operation = {
  id: 'alignRecording',
  tag: 'audio',
  summary: 'Align a text with a recording',
  description: 'When each word of a known text was said.',
  bodies: form(
    alignmentShape,
    forModels((model) => ({
      words: { summary: 'The words', value: { text: exampleWords(model).join(' ') } },
      units: {
        summary: 'And what they are made of',
        value: { text: exampleWords(model).join(' '), include: ['units'] },
      },
    })),
  ),
  answers: [{ contentType: 'application/json', schema: alignmentAnswerSchema }],
  errors: [...recordingErrors, 'unalignable_text'],
};

export const hearRecording: Operation = {
  id: 'hearRecording',
  tag: 'audio',
  summary: 'What an acoustic model makes of a recording',
  description:
    'A matrix for those who decode elsewhere: ln probabilities of CTC’s labels, ln likelihoods of the HMM’s states, or ln of posterior over prior of the hybrid’s states, which is their ln likelihood but for a constant of each frame; a row a frame, float32, C order.',
  bodies: form(
    emissionsShape,
    forModels(() => ({ ctc: { summary: 'CTC’s labels', value: {} } })),
  ),
  answers: [{ contentType: 'application/x-npy', description: 'frames × labels (or states)' }],
  headers: emissionsHeaders,
  errors: recordingErrors,
};
