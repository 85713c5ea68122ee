import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../src/math/random.ts';
import { syntheticWav } from '../support/recording.ts';
import { postAudio, startTinyService, type TestService } from '../support/service.ts';

const fragments = [
  ...['{', '}', '[', ']', '"', ':', ',', '(', ')', '|', '*', '+', '<', '>', ';', '#', '\\', '\n'],
  ...['null', 'true', '-1', '1e9', '1e999', '0', 'NaN', 'one', 'sequence', '__proto__', 'repeat'],
  ...['\u0000', '한', '\ud83d\ude00', '<NULL>', '<one>', 'min', 'max', 'times', '//', '/*'],
];

/** A text with parts lost, doubled, and put in that mean something to one grammar or another. */
function damaged(text: string, random: Random): string {
  const characters = [...text];
  for (let edits = random.integer(6); edits >= 0; edits--) {
    const place = random.integer(characters.length + 1);
    const lost = characters.splice(place, random.integer(4));
    const again = random.chance(0.3) ? [...lost, ...lost] : [];
    characters.splice(place, 0, ...again, ...(random.chance(0.7) ? [random.pick(fragments)] : []));
  }
  return characters.join('');
}

describe('whatever a client asks of a search', () => {
  const wav = syntheticWav({ seconds: 0.3, seed: 1 });
  let service: TestService;

  beforeAll(async () => {
    service = await startTinyService([{ hmm: true }]);
  });
  afterAll(() => service.close());

  const grammars = [
    '{"repeat": {"alternatives": ["one", "two three"]}, "min": 2, "max": 4}',
    '{"sequence": ["one", {"optional": {"repeat": "two", "times": 3}}, "five"]}',
    '#JSGF V1.0; grammar g; public <a> = one [two] <b>+; <b> = (three | four) "five";',
    'one two',
  ];
  const hotwords = ['one two:3', '["one", {"phrase": "two three", "weight": -2}]', 'five:1e1'];
  const kinds: [string, string, readonly string[]][] = [
    ['grammars of a beam search', 'ctc_beam', grammars],
    ['grammars of the HMM', 'hmm', grammars],
    ['hotwords', 'ctc_beam', hotwords],
  ];
  it.each(kinds)('damaged %s', async (what, decoder, texts) => {
    const random = new Random(41);
    const { threads } = service.app.recognition.pool!;
    const field = what === 'hotwords' ? 'hotwords' : 'grammar';
    const statuses = new Set<number>();
    for (let round = 0; round < 150; round++) {
      const text = damaged(random.pick(texts), random);
      const response = await postAudio(service, 'transcriptions', wav, { decoder, [field]: text });
      const answer = (await response.json()) as { error?: { param: string | null } };
      const said = `round ${round} ${JSON.stringify(text)} ${JSON.stringify(answer)}`;
      statuses.add(response.status);
      expect([200, 400], said).toContain(response.status);
      if (response.status === 400) expect(answer.error!.param, said).toBe(field);
    }
    expect([...statuses].sort()).toEqual([200, 400]);
    expect(service.app.recognition.pool!.threads).toEqual(threads);
  });
});
