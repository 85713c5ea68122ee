import { type LoggerOptions, stdSerializers } from 'pino';

/** Where requests and the errors that hold them would have a client's keys. */
const headerHolders = ['headers', '*.headers', '*.*.headers'];
const secretHeaders = ['.authorization', '.cookie', '["x-api-key"]'];

/** How the service logs: JSON lines, in which the keys of clients never stand. */
export function logOptions({ logLevel }: { readonly logLevel: string }): LoggerOptions {
  const paths = headerHolders.flatMap((holder) => secretHeaders.map((name) => `${holder}${name}`));
  return {
    level: logLevel,
    redact: { paths, censor: '[redacted]' },
    // The usual one adds the cause's message to an error's own, which has it already.
    serializers: { err: stdSerializers.errWithCause },
  };
}
