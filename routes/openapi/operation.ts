import type { z } from 'zod';
import type { ErrorCode } from '../../src/errors.ts';
import type { ServedModel } from '../../src/recognition/recognition-service.ts';

/** An example of a request, as text or numbers of its fields. */
export type Example = {
  readonly summary: string;
  readonly value: Readonly<Record<string, unknown>>;
};

/** Examples that a model which is being served answers. */
export type ExamplesFor = (model: ServedModel) => Readonly<Record<string, Example>>;

/** A body that an operation takes. */
export type RequestBody = {
  readonly contentType: string;
  /** Undefined for bytes. */
  readonly schema?: z.ZodType;
  readonly description?: string;
  readonly examples?: ExamplesFor;
};

/** What an operation answers with if all goes well. */
export type Answer = {
  readonly contentType: string;
  /** Undefined for bytes and text. */
  readonly schema?: z.ZodType;
  readonly description?: string;
};

export type HeaderTexts = Readonly<Record<string, string>>;

/** What the contract says of a route; OpenAPI is generated from it. */
export type Operation = {
  readonly id: string;
  readonly tag: Tag;
  readonly summary: string;
  readonly description: string;
  /** Parameters of the path, with an example of each. */
  readonly path?: {
    readonly schema: z.ZodObject;
    readonly examples: (model: ServedModel) => Readonly<Record<string, string>>;
  };
  readonly query?: {
    readonly schema: z.ZodObject;
    readonly examples: (model: ServedModel) => Readonly<Record<string, number>>;
  };
  readonly bodies?: readonly RequestBody[];
  readonly answers: readonly Answer[];
  /** Headers of its answers besides those that all have. */
  readonly headers?: HeaderTexts;
  /** Every code of `errorTable` that it can answer with. */
  readonly errors: readonly ErrorCode[];
};

export const tags = {
  audio: 'A recording, as a file in a multipart form: WAV, FLAC, MP3, Ogg Vorbis or Ogg Opus.',
  features: 'A matrix of features that were computed elsewhere.',
  models: 'What is served.',
  operations: 'For probes and monitoring; never authenticated.',
} as const;
export type Tag = keyof typeof tags;

declare module 'fastify' {
  interface FastifyContextConfig {
    operation?: Operation;
  }
}
