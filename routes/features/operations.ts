import { z } from 'zod';
import { wholeNumberText } from '../../src/recognition/request-fields.ts';
import type { RequestLimits } from '../../src/recognition/request-limits.ts';
import {
  emissionsShape,
  featureComparisonShape,
  transcriptionShape,
} from '../../src/recognition/request-options.ts';
import { comparisonAnswerSchema } from '../comparison-schemas.ts';
import { exampleFeatures, forModels } from '../openapi/examples.ts';
import type { ExamplesFor, Operation } from '../openapi/operation.ts';
import { emissionsHeaders, featureErrors } from '../recognition-errors.ts';
import { transcriptionAnswers } from '../transcription-answer/operation-answers.ts';

const matrix = z.array(z.array(z.number()));
const features = matrix.min(1).describe('A row a frame, each as wide as the model reads.');
const hmmFeatures = matrix.min(1).describe('Those that the HMM reads, besides.').optional();

const binaryNote =
  'The options stand in the query. Four bytes a number and nothing to parse: the encoding for anything long.';

const shapeFields = {
  frames: wholeNumberText
    .describe('Rows; with `application/octet-stream` only, and then required.')
    .optional(),
  dims: wholeNumberText.describe('Numbers in a row; as `frames`.').optional(),
};

/** The parts that all requests with features have in common. */
function withFeatures(
  queryShape: z.core.$ZodShape,
  jsonSchema: z.ZodType,
  examples: ExamplesFor,
): Pick<Operation, 'query' | 'bodies'> {
  return {
    query: {
      schema: z.strictObject({ ...shapeFields, ...queryShape }),
      examples: (model) => ({ frames: 2, dims: exampleFeatures(model)[0]!.length }),
    },
    bodies: [
      {
        contentType: 'application/x-npy',
        description: `NumPy’s format: float32 or float64, frames × dims, C order. ${binaryNote}`,
      },
      {
        contentType: 'application/octet-stream',
        description: `Little-endian float32, frames × dims, row by row. ${binaryNote}`,
      },
      {
        contentType: 'application/json',
        schema: jsonSchema,
        description:
          'The options stand beside the features and not in the query. Some twenty bytes a number: for short recordings.',
        examples,
      },
    ],
  };
}

export const transcribeFeatures = (limits: RequestLimits): Operation => ({
  id: 'transcribeFeatures',
  tag: 'features',
  summary: 'Transcribe features',
  description:
    'The twin of `/v1/audio/transcriptions` for features of the kind that the decoder’s acoustic model reads.',
  ...withFeatures(
    transcriptionShape('text', limits),
    z.strictObject({ features, ...transcriptionShape('json', limits) }),
    forModels((model) => ({
      text: { summary: 'The text', value: { features: exampleFeatures(model) } },
      nBest: {
        summary: 'Three hypotheses of a beam search',
        value: {
          features: exampleFeatures(model),
          decoder: 'ctc_beam',
          n_best: 3,
          response_format: 'verbose_json',
        },
      },
    })),
  ),
  ...transcriptionAnswers,
  errors: featureErrors,
});

export const compareFeatures = (limits: RequestLimits): Operation => ({
  id: 'compareFeatures',
  tag: 'features',
  summary: 'Compare decoders on features',
  description:
    'The twin of `/v1/audio/comparisons`. A decoder without features of its kind has an entry that says so, and the rest is answered.',
  ...withFeatures(
    featureComparisonShape('text', limits),
    z.strictObject({
      features,
      hmm_features: hmmFeatures,
      ...featureComparisonShape('json', limits),
    }),
    forModels((model) => ({
      ctc: { summary: 'Features of CTC', value: { features: exampleFeatures(model) } },
    })),
  ),
  answers: [{ contentType: 'application/json', schema: comparisonAnswerSchema }],
  errors: [...featureErrors, 'audio_too_long'],
});

export const hearFeatures: Operation = {
  id: 'hearFeatures',
  tag: 'features',
  summary: 'What an acoustic model makes of features',
  description: 'The twin of `/v1/audio/emissions`.',
  ...withFeatures(
    emissionsShape,
    z.strictObject({ features, ...emissionsShape }),
    forModels((model) => ({
      ctc: { summary: 'CTC’s labels', value: { features: exampleFeatures(model) } },
    })),
  ),
  answers: [{ contentType: 'application/x-npy', description: 'frames × labels (or states)' }],
  headers: emissionsHeaders,
  errors: featureErrors,
};
