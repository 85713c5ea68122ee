import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { unacceptedContentType } from '../../src/plugins/errors.ts';
import { wholeNumberText } from '../../src/recognition/request-fields.ts';
import { parseRequest } from '../../src/recognition/validation.ts';
import type { BinaryFeatures, JsonFeatures } from '../../src/recognition/worker-protocol.ts';
import { checkNoQuery, joinLists } from '../fields.ts';
import { ownBytes } from '../own-bytes.ts';

/** The content types, one an encoding. */
export const accepts = ['application/json', 'application/x-npy', 'application/octet-stream'];

/** What bare numbers must bring in their query. */
const shapeSchema = z.strictObject({ frames: wholeNumberText, dims: wholeNumberText });

/**
 * The body of a request that brings features, as part of a task: its bytes are read by a worker. JSON has
 * the options inside, the others have them in the query.
 * @throws SoriError invalid_request | unsupported_media_type
 */
export function readFeatureRequest<Schema extends z.ZodType>(
  request: FastifyRequest,
  optionsSchema: Schema,
): JsonFeatures | (BinaryFeatures & { readonly options: z.output<Schema> }) {
  const { body, headers } = request;
  if (!(body instanceof Uint8Array)) throw unacceptedContentType(request);
  const bytes = ownBytes(body);
  const query = joinLists(request.query as Readonly<Record<string, unknown>>);
  switch (mediaTypeOf(headers['content-type'])) {
    case 'application/json':
      checkNoQuery(query, 'JSON body');
      return { encoding: 'json', bytes };
    case 'application/x-npy':
      return { encoding: 'npy', bytes, options: parseRequest(optionsSchema, query) };
    case 'application/octet-stream': {
      const { frames, dims, ...rest } = query;
      const shape = parseRequest(shapeSchema, { frames, dims });
      return { encoding: 'raw', bytes, shape, options: parseRequest(optionsSchema, rest) };
    }
    default:
      throw unacceptedContentType(request);
  }
}

/** `type/subtype` without its parameters. */
function mediaTypeOf(header: string | undefined): string {
  return (header ?? '').split(';', 1)[0]!.trim().toLowerCase();
}
