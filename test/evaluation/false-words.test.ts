import { describe, expect, it } from 'vitest';
import { falseWords } from '../../src/evaluation/false-words.ts';

const digits = ['zero', 'one', 'two', 'three'];
const heard = (reference: string, hypothesis: string, audioSeconds = 30) => ({
  reference,
  hypothesis,
  audioSeconds,
  corpus: 'books',
  speaker: '7',
});

describe('falseWords', () => {
  it('counts what was recognised where nothing of the vocabulary was said, by the minute', () => {
    const report = falseWords(
      [heard('the cat sat', 'two'), heard('on the mat', ''), heard('and won', 'one one', 60)],
      digits,
    );
    expect(report).toEqual({
      clips: 3,
      audioMinutes: 2,
      count: 3,
      perMinute: 1.5,
      byWord: [
        { word: 'one', count: 2 },
        { word: 'two', count: 1 },
      ],
      spoken: 0,
      found: 0,
    });
  });

  it('does not count a digit that the text really has, at its place in the order', () => {
    const said = heard('no one of the three men', 'one three');
    expect(falseWords([said], digits)).toMatchObject({ count: 0, spoken: 2, found: 2 });
    const swapped = heard('no one of the three men', 'three one');
    expect(falseWords([swapped], digits)).toMatchObject({ count: 1, spoken: 2, found: 1 });
  });

  it('counts a word taken for another one as false, and a missed word not', () => {
    expect(falseWords([heard('one day', 'two')], digits)).toMatchObject({ count: 1, found: 0 });
    expect(falseWords([heard('one day', '')], digits)).toMatchObject({ count: 0, spoken: 1 });
  });

  it('forgives no word for sounding the same', () => {
    expect(falseWords([heard('to the house', 'two')], digits).perMinute).toBe(2);
  });

  it('is zero a minute over no audio', () => {
    expect(falseWords([], digits)).toMatchObject({ count: 0, perMinute: 0, audioMinutes: 0 });
  });
});
