import { describe, expect, it } from 'vitest';
import { type Segment, segmentsOf } from '../../routes/transcription-answer/segments.ts';
import { subRip, webVtt } from '../../routes/transcription-answer/subtitles.ts';
import type { HypothesisWord } from '../../src/decoding/hypothesis.ts';

const word = (text: string, startSeconds: number, endSeconds: number): HypothesisWord => ({
  word: text,
  startSeconds,
  endSeconds,
  confidence: 0.9,
});

describe('segmentsOf', () => {
  const texts = (words: HypothesisWord[]) => segmentsOf(words).map(({ text }) => text);

  it('makes no segment of no words, and one of one', () => {
    expect(segmentsOf([])).toEqual([]);
    const one = word('one', 0.5, 0.9);
    expect(segmentsOf([one])).toEqual([
      { startSeconds: 0.5, endSeconds: 0.9, text: 'one', words: [one] },
    ]);
  });

  it('parts words at a second of silence, not before', () => {
    const words = [word('one', 0, 0.5), word('two', 1.49, 2), word('three', 3, 3.5)];
    expect(texts(words)).toEqual(['one two', 'three']);
  });

  it('ends a segment before it grows beyond seven seconds', () => {
    const words = Array.from({ length: 10 }, (_, n) => word(`w${n}`, n, n + 0.9));
    expect(texts(words)).toEqual(['w0 w1 w2 w3 w4 w5 w6', 'w7 w8 w9']);
    expect(texts([word('long', 0, 9), word('short', 9, 10)])).toEqual(['long', 'short']);
  });
});

describe('subtitles', () => {
  const cue = (text: string, startSeconds: number, endSeconds: number): Segment => ({
    startSeconds,
    endSeconds,
    text,
    words: [],
  });
  const segments = [cue('one two', 0, 59.9996), cue('three', 3599.9994, 3661.5)];

  it('writes SubRip, carrying milliseconds into seconds, minutes and hours', () => {
    expect(subRip(segments)).toBe(
      '1\n00:00:00,000 --> 00:01:00,000\none two\n\n' +
        '2\n00:59:59,999 --> 01:01:01,500\nthree\n\n',
    );
  });

  it('writes WebVTT, whose header stands also before no cue', () => {
    expect(webVtt(segments)).toBe(
      'WEBVTT\n\n00:00:00.000 --> 00:01:00.000\none two\n\n' +
        '00:59:59.999 --> 01:01:01.500\nthree\n\n',
    );
    expect(webVtt([])).toBe('WEBVTT\n\n');
    expect(subRip([])).toBe('');
  });
});
