import { resample } from '../audio/resample.ts';
import type { Waveform } from '../audio/waveform.ts';
import type { FeatureMatrix } from '../features/feature-matrix.ts';
import { type FeatureKind, featureKindOf, type PassName } from './passes.ts';
import { StagedRun } from './staged-run.ts';

/** What a recording must go through to become one acoustic model's features. */
export type FeatureReader = {
  readonly name: PassName;
  readonly sampleRateHz: number;
  readonly frameShiftSeconds: number;
  /** @param samples at `sampleRateHz` */
  extract(samples: Float32Array): FeatureMatrix;
};

/** What is recognised, as each acoustic model wants it. */
export interface Material {
  readonly durationSeconds: number;
  /** How long it is for this reader: no word ends after it. */
  durationFor(reader: FeatureReader): number;
  /** The field of the request that this reader's features come from. */
  fieldFor(reader: FeatureReader): string;
  /** In the run's stage `features`. Undefined where there are no features of the reader's kind. */
  featuresFor(reader: FeatureReader, run: StagedRun): FeatureMatrix | undefined;
}

/** A recording: readers of one rate share its samples, and those of one kind of features share them. */
export class Sound implements Material {
  private readonly waveform: Waveform;
  private readonly samplesByRate = new Map<number, Made<Float32Array>>();
  private readonly featuresByKind = new Map<FeatureKind, Made<FeatureMatrix>>();

  constructor(waveform: Waveform) {
    this.waveform = waveform;
  }

  get durationSeconds(): number {
    return this.waveform.samples.length / this.waveform.sampleRateHz;
  }

  durationFor(): number {
    return this.durationSeconds;
  }

  fieldFor(): string {
    return 'file';
  }

  featuresFor(reader: FeatureReader, run = new StagedRun()): FeatureMatrix {
    const { sampleRateHz } = reader;
    const samples = shared(this.samplesByRate, sampleRateHz, run, () =>
      resample(this.waveform.samples, this.waveform.sampleRateHz, sampleRateHz),
    );
    // Either half takes seconds on a slow machine.
    run.checkpoint('features');
    return shared(this.featuresByKind, featureKindOf(reader.name), run, () =>
      reader.extract(samples),
    );
  }
}

/** Something that is made once, and the milliseconds that it took. */
type Made<Value> = { readonly value: Value; readonly took: number };

/** Every run that needs it is told what it took. */
function shared<Key, Value>(
  made: Map<Key, Made<Value>>,
  key: Key,
  run: StagedRun,
  make: () => Value,
): Value {
  const known = made.get(key);
  if (known !== undefined) {
    run.restsOn('features', known.took);
    return known.value;
  }
  const start = performance.now();
  const value = make();
  made.set(key, { value, took: performance.now() - start });
  return value;
}

/** Features that somebody else has computed, of one kind or of several. */
export class GivenFeatures implements Material {
  private readonly matrices: ReadonlyMap<FeatureKind, FeatureMatrix>;
  readonly durationSeconds: number;

  /** @param matrices first those of the field `features` */
  constructor(matrices: ReadonlyMap<FeatureKind, FeatureMatrix>, readers: Iterable<FeatureReader>) {
    this.matrices = matrices;
    this.durationSeconds = Math.max(...[...readers].map((reader) => this.durationFor(reader)));
  }

  durationFor(reader: FeatureReader): number {
    return (this.featuresFor(reader)?.frames ?? 0) * reader.frameShiftSeconds;
  }

  fieldFor({ name }: FeatureReader): string {
    const [first] = this.matrices.keys();
    const kind = featureKindOf(name);
    return kind === first ? 'features' : `${kind}_features`;
  }

  featuresFor({ name }: Pick<FeatureReader, 'name'>): FeatureMatrix | undefined {
    return this.matrices.get(featureKindOf(name));
  }
}
