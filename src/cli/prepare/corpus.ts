/** Where a clip belongs. Test parts are for the last measurement only. */
export const splits = ['train', 'dev', 'test'] as const;
export type Split = (typeof splits)[number];

/** One recording as its corpus ships it. */
export type SourceClip = {
  readonly split: Split;
  readonly path: string;
  /** As the corpus writes it; manifests have it in the form that labels see. */
  readonly text: string;
  readonly speaker: string;
};

export type CorpusOptions = {
  /** Speakers held out of the training part, for corpora without an official dev part. */
  readonly devSpeakers: ReadonlySet<string>;
};

/** How to read one corpus, and what its user must know. */
export type Corpus = {
  readonly name: string;
  /** One line for the help. */
  readonly summary: string;
  /** Where it is obtained, what its folder looks like and how it is split, for the help. */
  readonly help: string;
  readonly defaultDevSpeakers?: readonly string[];
  /** Every clip under the folder, in a fixed order. Throws where the folder is not this corpus. */
  readonly read: (source: string, options: CorpusOptions) => Promise<SourceClip[]>;
};
