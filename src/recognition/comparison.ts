import type { DecoderName } from '../decoding/decoder.ts';
import type { ErrorCode } from '../errors.ts';
import { agreementOf, alignHypotheses, type WordPair } from '../evaluation/agreement.ts';
import type { AcousticPass, Heard, Hypotheses } from './acoustic-pass.ts';
import type { Material } from './material.ts';
import { featureKindOf, type PassName, passOf } from './passes.ts';
import { checkAlignable, type ReferenceScore, scoreAgainst } from './reference-score.ts';
import type { SearchOptions } from './search-options.ts';
import { type RunControl, type Stage, StagedRun, type StageTimes } from './staged-run.ts';

export type CompareOptions = SearchOptions &
  RunControl & {
    /** Which ones, each once; all of the model's by default. */
    readonly decoders?: readonly DecoderName[] | undefined;
    /** What was said, if it is known. */
    readonly reference?: string | undefined;
  };

/** What one decoder made of it. */
export type Reading = {
  readonly decoder: DecoderName;
  /** Of the graph that it rests on. */
  readonly sha256: string;
  readonly hypotheses: Hypotheses;
  /**
   * What it would take alone after the audio is decoded. Decoders of one acoustic model have its features and
   * its inference in common, CTC and hybrid their features, and all have resampling.
   */
  readonly milliseconds: StageTimes;
  /** Undefined without a reference. */
  readonly errors: ReferenceScore | undefined;
};

/** A decoder that could not read anything, and why. */
export type Unread = {
  readonly decoder: DecoderName;
  readonly error: { readonly code: ErrorCode; readonly message: string };
};

/** The best hypotheses of two decoders, word by word. */
export type ReadingPair = {
  readonly between: readonly [DecoderName, DecoderName];
  readonly words: readonly WordPair[];
};

/** One recording, read by several decoders. */
export type Comparison = {
  readonly durationSeconds: number;
  /** In the order in which they were asked for. */
  readonly readings: readonly (Reading | Unread)[];
  /** Every two decoders that read it. */
  readonly pairs: readonly ReadingPair[];
  /** How far all pairs agree, in [0, 1]: see `agreementOf`; undefined where fewer than two read it. */
  readonly agreement: number | undefined;
  /** What came before the acoustic models. */
  readonly milliseconds: StageTimes;
  /** Of everything together: what decoders have in common counts once. */
  readonly totalMilliseconds: StageTimes;
};

/** The model that compares: of a `Recognizer`, what is needed here. */
type Passes = {
  readonly decoderNames: readonly DecoderName[];
  readonly passes: ReadonlyMap<PassName, AcousticPass>;
  pass(name: PassName): AcousticPass;
};

/**
 * Has several decoders read the same material. Each acoustic model hears it once, however many decoders
 * read its emissions.
 * @throws SoriError audio_too_long where the texts are too long to be aligned
 */
export async function compare(
  model: Passes,
  material: Material,
  options: CompareOptions,
  milliseconds: StageTimes,
): Promise<Comparison> {
  const { decoders = model.decoderNames, reference } = options;
  const total: Partial<Record<Stage, number>> = { ...milliseconds };
  const heardBy = new Map<PassName, { run: StagedRun; heard: Heard | undefined }>();
  for (const name of new Set(decoders.map(passOf))) {
    const run = new StagedRun(options);
    heardBy.set(name, { run, heard: await model.pass(name).listen(material, run) });
    addTimes(total, run);
  }
  const readings: (Reading | Unread)[] = [];
  for (const decoder of decoders) {
    const pass = model.pass(passOf(decoder));
    const { run, heard } = heardBy.get(pass.name)!;
    if (heard === undefined) {
      readings.push({ decoder, error: missingFeatures(pass) });
      continue;
    }
    const search = new StagedRun(options);
    const hypotheses = await search.stage('search', () =>
      pass.decode(heard, decoder, options, search),
    );
    addTimes(total, search);
    readings.push({
      decoder,
      sha256: pass.sha256,
      hypotheses,
      milliseconds: { ...run.milliseconds, ...search.milliseconds },
      errors: reference === undefined ? undefined : scoreAgainst(reference, hypotheses[0].text),
    });
  }
  const pairs = pairsOf(readings.filter((reading) => 'hypotheses' in reading));
  return {
    durationSeconds: material.durationSeconds,
    readings,
    pairs,
    agreement: pairs.length === 0 ? undefined : agreementOf(pairs.map(countsOf)),
    milliseconds,
    totalMilliseconds: total,
  };
}

/** Adds what a run spent itself. */
function addTimes(
  total: Partial<Record<Stage, number>>,
  { milliseconds, spentBefore }: StagedRun,
): void {
  for (const [name, took] of Object.entries(milliseconds)) {
    const stage = name as Stage;
    total[stage] = (total[stage] ?? 0) + took - (spentBefore[stage] ?? 0);
  }
}

function missingFeatures({ name, dims }: AcousticPass): Unread['error'] {
  const kind = featureKindOf(name);
  const reader = kind === name ? '' : ` which ${name} reads,`;
  return {
    code: 'invalid_features',
    message: `expected features for ${kind}, ${dims} a frame,${reader} got none`,
  };
}

function pairsOf(readings: readonly Reading[]): ReadingPair[] {
  return readings.flatMap((first, index) =>
    readings.slice(index + 1).map((second) => {
      const [a, b] = [first.hypotheses[0].words, second.hypotheses[0].words];
      checkAlignable(a.length, b.length);
      const between = [first.decoder, second.decoder] as const;
      return { between, words: alignHypotheses(a, b) };
    }),
  );
}

function countsOf({ words }: ReadingPair) {
  const count = (is: (pair: WordPair) => boolean) => words.filter(is).length;
  return {
    hits: count(({ same }) => same),
    substitutions: count(({ same, first, second }) => !same && first !== null && second !== null),
    deletions: count(({ second }) => second === null),
    insertions: count(({ first }) => first === null),
  };
}
