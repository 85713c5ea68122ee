import { describe, expect, it } from 'vitest';
import type { DecodeOptions, Decoder, DecoderName } from '../src/decoding/decoder.ts';
import type { EmissionMatrix } from '../src/decoding/emission-matrix.ts';

/** What was said, in order; no word stands for silence. */
export type Segment = { readonly word?: 'one' | 'two'; readonly frames: number };

/** One decoder of the words "one" and "two", and emissions as its acoustic model would make them. */
export type DecoderSubject = {
  readonly name: DecoderName;
  readonly decoder: Decoder;
  /** Whether it gives more than one hypothesis where more are asked for. */
  readonly givesMany: boolean;
  /** Emissions that speak clearly for the segments, at least `sureness` nats a frame over all else. */
  emissionsOf(segments: readonly Segment[], sureness: number): EmissionMatrix;
};

const frameShiftSeconds = 0.03;

/** What every `Decoder` must do, whatever it is made of. */
export function describeDecoder(subject: DecoderSubject): void {
  const { decoder, emissionsOf } = subject;
  const sayings: { text: string; segments: Segment[] }[] = [
    { text: '', segments: [] },
    { text: '', segments: [{ frames: 12 }] },
    { text: 'one', segments: [{ frames: 4 }, { word: 'one', frames: 9 }, { frames: 4 }] },
    { text: 'two', segments: [{ word: 'two', frames: 9 }] },
    {
      text: 'one two',
      segments: [{ word: 'one', frames: 9 }, { frames: 5 }, { word: 'two', frames: 9 }],
    },
    {
      text: 'two two one',
      segments: [
        { frames: 1 },
        { word: 'two', frames: 9 },
        { frames: 6 },
        { word: 'two', frames: 12 },
        { frames: 3 },
        { word: 'one', frames: 9 },
        { frames: 2 },
      ],
    },
  ];
  const optionsFor = ({ frames }: EmissionMatrix): DecodeOptions => ({
    frameShiftSeconds,
    durationSeconds: frames * frameShiftSeconds,
  });

  describe(`the decoder ${subject.name}`, () => {
    it('goes by its name', () => {
      expect(decoder.name).toBe(subject.name);
    });

    it.each(sayings)('reads "$text" from emissions that say so', ({ text, segments }) => {
      const emissions = emissionsOf(segments, 8);
      const hypotheses = decoder.decode(emissions, optionsFor(emissions));
      expect(hypotheses[0]!.text).toBe(text);
      expect(hypotheses[0]!.words.map(({ word }) => word).join(' ')).toBe(text);
    });

    it.each(sayings)('gives "$text" times in order, over what was said', ({ segments }) => {
      const emissions = emissionsOf(segments, 8);
      const options = optionsFor(emissions);
      const { words } = decoder.decode(emissions, options)[0]!;
      let frame = 0;
      let earliest = 0;
      let index = 0;
      for (const segment of segments) {
        frame += segment.frames;
        if (segment.word === undefined) continue;
        const { startSeconds, endSeconds } = words[index++]!;
        expect(startSeconds).toBeGreaterThanOrEqual(earliest);
        expect(endSeconds).toBeGreaterThan(startSeconds);
        const middle = (frame - segment.frames / 2) * frameShiftSeconds;
        expect(startSeconds).toBeLessThan(middle);
        expect(endSeconds).toBeGreaterThan(middle);
        earliest = endSeconds;
      }
      expect(index).toBe(words.length);
      expect(earliest).toBeLessThanOrEqual(options.durationSeconds);
    });

    it.each(sayings)('ends "$text" no later than a recording shorter than its frames', (saying) => {
      const emissions = emissionsOf(saying.segments, 8);
      const durationSeconds = 0.7 * optionsFor(emissions).durationSeconds;
      const { words } = decoder.decode(emissions, { frameShiftSeconds, durationSeconds })[0]!;
      let earliest = 0;
      for (const { startSeconds, endSeconds } of words) {
        expect(startSeconds).toBeGreaterThanOrEqual(earliest);
        expect(endSeconds).toBeGreaterThanOrEqual(startSeconds);
        expect(endSeconds).toBeLessThanOrEqual(durationSeconds);
        earliest = startSeconds;
      }
    });

    it.each(sayings)('is surer of "$text" the surer the emissions are', ({ segments }) => {
      const confidences = [1, 3, 9].map((sureness) => {
        const emissions = emissionsOf(segments, sureness);
        const [best] = decoder.decode(emissions, optionsFor(emissions));
        for (const { confidence } of [best!, ...best!.words]) {
          expect(confidence).toBeGreaterThanOrEqual(0);
          expect(confidence).toBeLessThanOrEqual(1);
        }
        return best!.confidence;
      });
      expect(confidences).toEqual([...confidences].sort((a, b) => a - b));
      expect(confidences[2]).toBeGreaterThan(0.9);
    });

    it('gives the best hypothesis alone, unless more are asked for', () => {
      const emissions = emissionsOf(sayings.at(-1)!.segments, 1);
      const alone = decoder.decode(emissions, optionsFor(emissions));
      const many = decoder.decode(emissions, { ...optionsFor(emissions), nBest: 7 });
      expect(alone).toHaveLength(1);
      expect(many).toHaveLength(subject.givesMany ? 7 : 1);
      expect(many[0]).toEqual(alone[0]);
    });

    it('orders hypotheses by score and gives each text once', () => {
      const emissions = emissionsOf(sayings.at(-1)!.segments, 1);
      const hypotheses = decoder.decode(emissions, { ...optionsFor(emissions), nBest: 20 });
      const scores = hypotheses.map(({ score }) => score);
      expect(scores).toEqual([...scores].sort((a, b) => b - a));
      expect(new Set(hypotheses.map(({ text }) => text)).size).toBe(hypotheses.length);
      for (const { text, words } of hypotheses) {
        expect(words.map(({ word }) => word).join(' ')).toBe(text);
      }
    });

    it('names parts that add up to the score', () => {
      const emissions = emissionsOf(sayings.at(-1)!.segments, 1);
      const options = { ...optionsFor(emissions), nBest: 20 };
      for (const { score, scoreParts } of decoder.decode(emissions, options)) {
        const sum = Object.values(scoreParts).reduce((total, part) => total + part, 0);
        expect(sum).toBeCloseTo(score, 9);
      }
    });

    it('leaves the emissions as they were and remembers nothing between calls', () => {
      const emissions = emissionsOf(sayings.at(-1)!.segments, 2);
      const other = emissionsOf(sayings[2]!.segments, 2);
      const before = emissions.logProbs.slice();
      const first = decoder.decode(emissions, optionsFor(emissions));
      decoder.decode(other, optionsFor(other));
      expect(decoder.decode(emissions, optionsFor(emissions))).toEqual(first);
      expect(emissions.logProbs).toEqual(before);
    });

    it('refuses emissions of another width or of another length than they say', () => {
      const emissions = emissionsOf(sayings[2]!.segments, 8);
      const { frames, units, logProbs } = emissions;
      const wider = { frames, units: units + 1, logProbs: new Float32Array(frames * (units + 1)) };
      const shorter = { frames, units, logProbs: logProbs.subarray(1) };
      for (const wrong of [wider, shorter]) {
        expect(() => decoder.decode(wrong, optionsFor(wrong))).toThrow(RangeError);
      }
    });
  });
}
