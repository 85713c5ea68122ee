import { text, textOr } from './language.ts';
import { ServiceError } from './service.ts';

/** The browser's name for what is wrong with the microphone, and ours. */
const microphoneProblems: Readonly<Record<string, string>> = {
  NotAllowedError: 'microphone_denied',
  NotFoundError: 'microphone_missing',
  NotReadableError: 'microphone_busy',
  NotSupportedError: 'microphone_unsupported',
  SecurityError: 'microphone_insecure',
};

/** What went wrong at the microphone, to be shown like an error of the service. */
export function microphoneError(error: Error): ServiceError {
  return new ServiceError(microphoneProblems[error.name] ?? 'microphone_failed', error.message);
}

/** A failure in words with its code, and what the service says exactly. */
export function inWords({ code, message }: ServiceError): string {
  const words = textOr(`error_${code}`, text('error_other'));
  return `${text('error_prefix')} ${words} [${code}] ${message}`;
}
