import { describe, expect, it } from 'vitest';
import { soriHere } from './command-line.ts';

describe('sori', () => {
  it('lists every command in its help', async () => {
    const { code, stdout } = await soriHere(['--help']);
    expect(code).toBe(0);
    for (const command of ['transcribe', 'evaluate', 'train', 'prepare']) {
      expect(stdout).toMatch(new RegExp(`^ {2}${command} `, 'mu'));
    }
  });

  it.each([
    ['transcribe'],
    ['evaluate'],
    ['train', 'ctc'],
    ['prepare'],
    ['prepare', 'fsdd'],
    ['prepare', 'speech-commands'],
    ['prepare', 'an4'],
    ['prepare', 'speechocean762'],
    ['prepare', 'librispeech'],
    ['prepare', 'synthetic'],
  ])('shows how to use %s %s with an example', async (...command) => {
    const { code, stdout } = await soriHere([...command, '--help']);
    expect(code).toBe(0);
    expect(stdout).toContain(`Usage: sori ${command.join(' ')}`);
    expect(stdout).toMatch(/Examples?:\n {2}\$ sori /u);
  });

  it.each([
    ['an unknown command', ['bogus'], "unknown command 'bogus'"],
    ['an unknown option', ['transcribe', 'a.wav', '--bogus'], "unknown option '--bogus'"],
    ['no command', [], 'Usage: sori'],
    ['a group without its command', ['prepare'], 'Usage: sori prepare'],
    ['an unknown corpus', ['prepare', 'bogus', '--out', 'x'], "unknown command 'bogus'"],
    ['no file', ['transcribe'], "missing required argument 'file'"],
    ['no manifest', ['evaluate'], "required option '--manifest <jsonl>' not specified"],
    ['no threads', ['evaluate', '--manifest', 'x', '--threads', '0'], 'whole number from 1'],
    ['a hexadecimal count', ['evaluate', '--manifest', 'x', '--threads', '0x10'], 'whole number'],
    ['an empty count', ['train', 'ctc', 'x', '--corpora', 'x', '--steps', ''], 'whole number'],
    ['an unknown decoder', ['transcribe', 'a.wav', '--decoder', 'magic'], 'ctc_greedy'],
    [
      'a source that is not there',
      ['prepare', 'fsdd', '--source', 'no/such', '--out', 'x'],
      'The folder is a clone of https://github.com/Jakobovski/free-spoken-digit-dataset',
    ],
    [
      'flags that contradict each other',
      ['evaluate', '--manifest', 'x', '--false-words', '--only', 'vocabulary'],
      'no --only vocabulary',
    ],
  ])('exits with 2 for %s', async (_, args, message) => {
    const { code, stdout, stderr } = await soriHere(args);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(message);
  });

  it('exits with 1 and a sentence, no stack, when a command fails', async () => {
    const { code, stderr } = await soriHere(['transcribe', 'a.wav', '--model', 'no/such/model']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: /u);
    expect(stderr).not.toMatch(/^\s+at /mu);
  });
});
