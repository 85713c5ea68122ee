import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AcousticModel } from '../../src/acoustic/acoustic-model.ts';
import type { FeatureMatrix } from '../../src/features/feature-matrix.ts';
import { Random } from '../../src/math/random.ts';
import { encodeModel } from '../../src/onnx/encode.ts';
import { GraphBuilder } from '../../src/onnx/graph-builder.ts';
import { Company, type InferTogether } from '../../src/recognition/company.ts';

const limits = { size: 8, frames: 1000 };

/** A graph that gives its input back, but for numbers whose squares overflow. */
async function squareModel(): Promise<AcousticModel> {
  const graph = new GraphBuilder('squares');
  const features = graph.input('features', 'float32', ['n', 't', 2]);
  graph.input('lengths', 'int64', ['n']);
  const square = graph.multiply(features, features);
  const nothing = graph.subtract(square, square);
  graph.output('log_probs', graph.add(features, nothing), ['n', 't', 2]);
  return AcousticModel.load(encodeModel(graph.finish()), { dims: 2, units: 2 });
}

/** `frames` rows of one number. */
function rowsOf(frames: number, value = 1): FeatureMatrix {
  return { frames, dims: 2, values: new Float32Array(2 * frames).fill(value) };
}

describe('Company', () => {
  let model: AcousticModel;
  let lone: AcousticModel;
  /** What happened, in its order. */
  let events: string[];

  beforeAll(async () => {
    model = await squareModel();
    await model.tryBatch();
    lone = await squareModel();
  });
  beforeEach(() => {
    events = [];
  });

  /** Has an acoustic model hear features, as often as there are any. */
  function member(
    name: string,
    wishes: readonly { frames: number; value?: number; by?: AcousticModel }[],
    checkpoint = () => {},
  ) {
    const work = async (infer: InferTogether) => {
      events.push(`${name} begins`);
      try {
        for (const { frames, value, by = model } of wishes) {
          const { batch, emissions } = await infer(by, rowsOf(frames, value));
          events.push(`${name} heard ${emissions.frames} among ${batch}`);
        }
      } catch (error) {
        events.push(`${name} fails: ${(error as Error).message.split(',')[0]}`);
      }
    };
    return { checkpoint, work };
  }

  it('has a model hear once what is of one length, after all have begun', async () => {
    const members = ['a', 'b', 'c'].map((name) => member(name, [{ frames: 5 }]));
    const before = model.work;
    await new Company(limits).work(members);
    expect(events).toEqual([
      ...['a begins', 'b begins', 'c begins'],
      ...['a heard 5 among 3', 'b heard 5 among 3', 'c heard 5 among 3'],
    ]);
    expect(model.work.executions - before.executions).toBe(1);
    expect(model.work.inferences - before.inferences).toBe(3);
  });

  it('serves shorter ones first, and those whose model hears one at a time last', async () => {
    await new Company(limits).work([
      member('lone', [{ frames: 3, by: lone }]),
      member('long', [{ frames: 50 }]),
      member('lone too', [{ frames: 3, by: lone }]),
      member('short', [{ frames: 5 }]),
    ]);
    expect(events.slice(4)).toEqual([
      ...['short heard 5 among 1', 'long heard 50 among 1'],
      ...['lone heard 3 among 1', 'lone too heard 3 among 1'],
    ]);
  });

  it('has those that want another hearing come along in the next run', async () => {
    await new Company(limits).work([
      member('a', [{ frames: 5 }, { frames: 7 }]),
      member('b', [{ frames: 5 }]),
      member('c', [{ frames: 5 }, { frames: 7 }]),
      member('d', []),
    ]);
    expect(events.slice(4)).toEqual([
      ...['a heard 5 among 3', 'b heard 5 among 3', 'c heard 5 among 3'],
      ...['a heard 7 among 2', 'c heard 7 among 2'],
    ]);
  });

  it('runs models before more has been gathered than it may hold', async () => {
    const members = ['a', 'b', 'c'].map((name) => member(name, [{ frames: 5 }]));
    await new Company({ size: 8, frames: 10 }).work(members);
    expect(events).toEqual([
      ...['a begins', 'b begins', 'a heard 5 among 2', 'b heard 5 among 2'],
      ...['c begins', 'c heard 5 among 1'],
    ]);
  });

  it('fails the one whose features overflow, and gives the others what they would get alone', async () => {
    await new Company(limits).work([
      member('a', [{ frames: 5 }]),
      member('b', [{ frames: 5, value: 1e30 }]),
      member('c', [{ frames: 5 }]),
    ]);
    expect(events.slice(3)).toEqual([
      'a heard 5 among 1',
      'b fails: expected features in the range that the model knows',
      'c heard 5 among 1',
    ]);
  });

  it('leaves out who is stopped, and runs nothing for nobody', async () => {
    let isStopped = false;
    const stop = () => {
      if (isStopped) throw new Error('stopped');
    };
    const stopper = {
      checkpoint: () => {},
      work: async () => {
        isStopped = true;
      },
    };
    await new Company(limits).work([
      member('a', [{ frames: 5 }]),
      member('b', [{ frames: 5 }], stop),
      stopper,
      member('c', [{ frames: 5 }]),
    ]);
    expect(events.slice(3)).toEqual([
      ...['b fails: stopped', 'a heard 5 among 2', 'c heard 5 among 2'],
    ]);
    const before = model.work;
    await new Company(limits).work([member('b', [{ frames: 5 }], stop)]);
    expect(events.at(-1)).toBe('b fails: stopped');
    expect(model.work).toEqual(before);
  });

  it('gives each the numbers that it gets alone, in any company', async () => {
    const random = new Random(5);
    const matrices = Array.from({ length: 40 }, () => {
      const frames = random.integer(30);
      const values = Float32Array.from({ length: 2 * frames }, () => random.gaussian());
      return { frames, dims: 2, values };
    });
    const heard: unknown[] = [];
    const members = matrices.map((features, n) => ({
      checkpoint: () => {},
      work: async (infer: InferTogether) => {
        heard[n] = (await infer(model, features)).emissions;
      },
    }));
    await new Company(limits).work(members);
    for (const [n, matrix] of matrices.entries())
      expect([heard[n]]).toEqual(await model.run([matrix]));
  });
});
