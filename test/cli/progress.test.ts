import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { startProgress } from '../../src/cli/progress.ts';

/** A stream that keeps what is written, as a terminal or a file would get it. */
function fakeStream(isTTY: boolean): { stream: NodeJS.WriteStream; written: () => string } {
  const stream = Object.assign(new PassThrough(), { isTTY, columns: 80 });
  return {
    stream: stream as unknown as NodeJS.WriteStream,
    written: () => String(stream.read() ?? ''),
  };
}

it('writes a plain line each tenth of the way where there is no terminal', () => {
  const { stream, written } = fakeStream(false);
  const progress = startProgress('clips', 40, stream);
  for (let done = 0; done <= 40; done++) progress.update(done);
  progress.stop();
  const expected = [4, 8, 12, 16, 20, 24, 28, 32, 36, 40].map((done) => `clips ${done}/40\n`);
  expect(written()).toBe(expected.join(''));
});

it('writes one line each step where there are fewer than ten, and always the last', () => {
  const { stream, written } = fakeStream(false);
  const progress = startProgress('clips', 3, stream);
  for (const done of [0, 1, 2, 3]) progress.update(done);
  expect(written()).toBe('clips 1/3\nclips 2/3\nclips 3/3\n');
});

it('draws a bar with the time left on a terminal and takes it away at the end', () => {
  const { stream, written } = fakeStream(true);
  const progress = startProgress('clips', 10, stream);
  progress.update(10);
  progress.stop();
  const text = written();
  expect(text).toContain('clips █');
  expect(text).toContain('| 10/10 |');
  expect(text).toContain('left');
  const showCursor = '\u001b[?25h';
  expect(text).toContain(showCursor);
});
