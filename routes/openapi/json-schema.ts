import { z } from 'zod';
import { documentedAs } from '../../src/recognition/request-fields.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** What a client may send. */
export function inputSchema(schema: z.ZodType): JsonSchema {
  return toJsonSchema(schema, 'input');
}

/** What a client gets. */
export function outputSchema(schema: z.ZodType): JsonSchema {
  return toJsonSchema(schema, 'output');
}

function toJsonSchema(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _, ...jsonSchema } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema: written }) => {
      const documentation = documentedAs.get(zodSchema);
      if (documentation !== undefined) {
        const { description } = written;
        for (const key of Object.keys(written)) delete written[key];
        Object.assign(written, documentation, description === undefined ? {} : { description });
      }
      // Fields that are transformed have a default of what they become, which a client may send all the same.
      const { def } = zodSchema._zod;
      if (def.type === 'default' && io === 'input') written.default = def.defaultValue as never;
    },
  });
  return jsonSchema;
}
