import { existsSync, readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { defaultBeamWidth } from '../ctc/beam-decoder.ts';
import type { DecoderName } from '../decoding/decoder.ts';
import { SoriError } from '../errors.ts';
import { defaultHotwordWeight } from '../recognition/request-fields.ts';
import { noLimits } from '../recognition/request-limits.ts';
import {
  type ComparisonOptions,
  comparisonSchema,
  comparisonShape,
  type TranscriptionOptions,
  transcriptionSchema,
  transcriptionShape,
} from '../recognition/request-options.ts';
import { parseRequest } from '../recognition/validation.ts';
import { UsageError } from './failures.ts';
import { collect, wholeNumber } from './options.ts';

/** What a search is asked on the command line. */
export type SearchFlags = {
  readonly nBest?: number;
  readonly beamWidth?: number;
  readonly hotword?: readonly string[];
  readonly grammar?: string;
};

/** The flags of commands that search; without `nBest` where there is no place for several hypotheses. */
export function addSearchOptions(command: Command, has: { readonly nBest: boolean }): Command {
  if (has.nBest)
    command.option('--n-best <count>', 'hypotheses to give at most', wholeNumber(1, 1_000_000));
  return command
    .option(
      '--beam-width <count>',
      `prefixes that ctc_beam keeps after each frame (default: ${defaultBeamWidth}, or --n-best)`,
      wholeNumber(1, 1_000_000),
    )
    .option(
      '--hotword <phrase[:weight]>',
      `a phrase that ctc_beam is to hear sooner; the weight is ln, ${defaultHotwordWeight} by default; may be repeated`,
      collect,
    )
    .option(
      '--grammar <name|words|file>',
      'what may be said, for ctc_beam, hmm and hybrid: a grammar of the model, words, or a file in JSON or JSGF',
    );
}

/** The fields of a request that flags stand for. */
function fieldsOf({ nBest, beamWidth, hotword, grammar }: SearchFlags): Record<string, unknown> {
  const fields = {
    n_best: nBest?.toString(),
    beam_width: beamWidth?.toString(),
    hotwords: hotword,
    grammar: grammar !== undefined && existsSync(grammar) ? readFileSync(grammar, 'utf8') : grammar,
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/**
 * The options of a transcription as a request would have them.
 * @param decoder by default what the flags need
 * @throws UsageError where the flags do not go together
 */
export function transcriptionOptionsOf(
  decoder: DecoderName | undefined,
  flags: SearchFlags = {},
): TranscriptionOptions {
  const schema = transcriptionSchema(transcriptionShape('text', noLimits));
  const fields = { ...fieldsOf(flags), ...(decoder !== undefined && { decoder }) };
  return asUsage(() => parseRequest(schema, { ...fields, response_format: 'verbose_json' }));
}

/**
 * The options of a comparison as a request would have them.
 * @throws UsageError where the flags do not go together
 */
export function comparisonOptionsOf(
  decoders: readonly DecoderName[],
  flags: SearchFlags = {},
): ComparisonOptions {
  const schema = comparisonSchema(comparisonShape('text', noLimits));
  return asUsage(() => parseRequest(schema, { ...fieldsOf(flags), decoders }));
}

/** Does what a client would be refused for as something that a user is told of. */
function asUsage<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof SoriError) throw new UsageError(error.message);
    throw error;
  }
}
