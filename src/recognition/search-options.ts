import type { DecodeOptions } from '../decoding/decoder.ts';

/** What a recognition may ask of its decoders' searches; each does of it what it can. */
export type SearchOptions = Pick<DecodeOptions, 'nBest' | 'beamWidth' | 'hotwords' | 'grammar'>;
