import type { FastifyReply, FastifyRequest } from 'fastify';
import { encodeNpy } from '../src/features/encode-npy.ts';
import type { ModelManifest } from '../src/recognition/model-manifest.ts';
import type { ServedAnswer } from '../src/recognition/recognition-service.ts';
import type { Emissions } from '../src/recognition/recognizer.ts';
import { toThousandths } from './answer-parts.ts';
import { loggedWork } from './logged-work.ts';

/** Longer lists of labels are left out of the headers, which clients bound. */
const longestLabelHeader = 6000;

/** Answers with a matrix in NumPy's format, frames × units, and in headers with what it is of. */
export function sendEmissions(
  answer: ServedAnswer<'emissions'>,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const { model, result } = answer;
  const { acousticModel, emissions, frameShiftSeconds, sha256, milliseconds } = result;
  const duration = toThousandths(result.durationSeconds);
  request.logged = { model: model.name, duration, ...loggedWork(answer, milliseconds) };
  const { frames, units, logProbs } = emissions;
  reply.headers({
    'x-sori-model': model.name,
    'x-sori-model-sha256': sha256,
    'x-sori-acoustic-model': acousticModel,
    'x-sori-duration': String(duration),
    'x-sori-frame-shift': String(frameShiftSeconds),
    ...labelHeaders(model.manifest, result),
  });
  const matrix = { rows: frames, columns: units, values: logProbs };
  return reply.type('application/x-npy').send(encodeNpy(matrix));
}

function labelHeaders({ alphabet }: ModelManifest, { acousticModel, columns }: Emissions) {
  const labels = JSON.stringify(columns).replaceAll(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return {
    ...(acousticModel === 'ctc' && { 'x-sori-blank': String(alphabet.blank) }),
    ...(labels.length <= longestLabelHeader && { 'x-sori-labels': labels }),
  };
}
