import type { Study } from './study.ts';

/**
 * Every study, in the order in which the pages build on one another. A study is loaded only when it runs:
 * some bring ONNX Runtime with them.
 */
export const studies = {
  rtrl: {
    summary:
      'real-time recurrent learning beside back-propagation through time: exactness, memory, time',
    load: async () => (await import('./rtrl/study.ts')).rtrlStudy as Study,
  },
  gradients: {
    summary: 'how gradients vanish or explode on their way back through time',
    load: async () => (await import('./gradients/study.ts')).gradientsStudy as Study,
  },
  lags: {
    summary: 'over which lags a plain recurrent network and an LSTM learn to remember',
    load: async () => (await import('./lags/study.ts')).lagsStudy as Study,
  },
  networks: {
    summary: 'RNN and LSTM, in one direction and in both, on strings of digits',
    load: async () => (await import('./networks/study.ts')).networksStudy as Study,
  },
  ctc: {
    summary: 'CTC’s soft alignments through training, and how many paths spell a text',
    load: async () => (await import('./ctc/study.ts')).ctcStudy as Study,
  },
  lengths: {
    summary: 'labels without times: framewise classification, HMM, CTC and a hybrid on one task',
    load: async () => (await import('./lengths/study.ts')).lengthsStudy as Study,
  },
} as const satisfies Readonly<
  Record<string, { readonly summary: string; readonly load: () => Promise<Study> }>
>;

export type StudyName = keyof typeof studies;

export const studyNames = Object.keys(studies) as StudyName[];

/** Those that read recordings of a corpus unless they are quick. */
export const readsRecordings: readonly StudyName[] = ['networks', 'lengths'];
