import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PrefixBeamSearch } from '../../../src/ctc/beam/prefix-beam-search.ts';
import { readNpyFloat32 } from '../../reference/npy.ts';

type Golden = {
  results: Record<'beam10' | 'beam25', { utt: number; best: { text: string; logp: number }[] }[]>;
};

const fileAt = (path: string) => readFileSync(new URL(`../../golden/${path}`, import.meta.url));

const letters = "_abcdefghijklmnopqrstuvwxyz '";
const digits = '_0123456789 ';

describe('exact prefix beam search', () => {
  it.each([
    { name: 'peaky_v29', labels: letters },
    { name: 'flat_v29', labels: letters },
    { name: 'digits_v12', labels: digits },
  ])(
    'finds the labellings of $name that a textbook search finds, with its scores',
    ({ name, labels }) => {
      const { shape, values } = readNpyFloat32(fileAt(`emissions/${name}.npy`));
      const [utterances, frames, units] = shape as [number, number, number];
      const { results } = JSON.parse(String(fileAt(`prefix_beam_${name}.json`))) as Golden;
      expect(units).toBe(labels.length);
      for (const beamWidth of [10, 25] as const) {
        const search = new PrefixBeamSearch({ labels: units, silent: [0] }, { beamWidth });
        for (const { utt, best } of results[`beam${beamWidth}`].slice(0, utterances)) {
          const size = frames * units;
          search.reset();
          search.advance(values.subarray(utt * size, (utt + 1) * size), frames);
          const found = search.hypotheses(best.length);
          expect(
            found.map((hypothesis) => [...hypothesis.labels].map((k) => labels[k]).join('')),
          ).toEqual(best.map(({ text }) => text));
          for (const [rank, { logp }] of best.entries()) {
            expect(found[rank]!.score).toBeCloseTo(logp, 9);
          }
        }
      }
    },
  );
});
