import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FeatureExtractor } from '../../src/features/extractor.ts';
import { rowsOf } from '../support/feature-bodies.ts';
import { syntheticWav, syntheticWaveform } from '../support/recording.ts';
import {
  errorOf,
  type FormFields,
  postAudio,
  startService,
  type TestService,
} from '../support/service.ts';
import {
  type TemporaryFolder,
  temporaryFolder,
  tinyRecipe,
  writeTinyModel,
} from '../support/tiny-model.ts';

type Hypothesis = {
  text: string;
  confidence: number;
  score: number;
  score_parts: Record<string, number>;
};
type Verbose = { text: string; decoder: string; hypotheses: Hypothesis[] };

const words = ['zero', 'one', 'two', 'three', 'four', 'five'];
const threeWords = { repeat: { alternatives: words }, min: 3, max: 3 };

describe('what a request may ask of the search', () => {
  const wav = syntheticWav({ seconds: 1.2, seed: 5 });
  const matrix = new FeatureExtractor(tinyRecipe).extract(
    syntheticWaveform({ seconds: 1.2, seed: 5 }).samples,
  );
  let models: TemporaryFolder;
  let service: TestService;

  beforeAll(async () => {
    models = await temporaryFolder();
    await writeTinyModel(models.path, {
      hmm: true,
      grammars: {
        'three-words': { description: 'Exactly three of the words', grammar: threeWords },
      },
    });
    service = await startService(models.path, { SORI_MAX_BEAM_WIDTH: '200' });
  });
  afterAll(async () => {
    await service.close();
    await models.remove();
  });

  const post = (fields: FormFields) => postAudio(service, 'transcriptions', wav, fields);
  const verbose = async (fields: FormFields): Promise<Verbose> => {
    const response = await post({ response_format: 'verbose_json', ...fields });
    const answer = (await response.json()) as Verbose;
    expect({ status: response.status, answer }).toMatchObject({ status: 200 });
    return answer;
  };
  const postJson = (fields: object, route = 'transcriptions') =>
    fetch(`${service.url}/v1/features/${route}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ features: rowsOf(matrix), ...fields }),
    });

  describe('a beam', () => {
    it('gives as many hypotheses as asked for, best first, with scores that are their parts’ sums', async () => {
      const { decoder, text, hypotheses } = await verbose({ decoder: 'ctc_beam', n_best: '5' });
      expect(decoder).toBe('ctc_beam');
      expect(hypotheses).toHaveLength(5);
      expect(hypotheses[0]!.text).toBe(text);
      const scores = hypotheses.map(({ score }) => score);
      expect(scores).toEqual([...scores].sort((a, b) => b - a));
      for (const { score, score_parts } of hypotheses) {
        const sum = Object.values(score_parts).reduce((total, part) => total + part, 0);
        expect(sum).toBeCloseTo(score, 6);
      }
    });

    it.each<[string, FormFields]>([
      ['n_best', { n_best: '2' }],
      ['beam_width', { beam_width: '3' }],
      ['hotwords', { hotwords: 'one two' }],
      ['grammar', { grammar: 'three-words' }],
    ])('is searched where %s is asked and no decoder named', async (_, fields) => {
      expect((await verbose(fields)).decoder).toBe('ctc_beam');
    });

    it('is not searched where nothing of the kind is asked', async () => {
      expect((await verbose({})).decoder).toBe('ctc_greedy');
      expect((await verbose({ n_best: '1' })).decoder).toBe('ctc_greedy');
    });

    it('of one prefix may find less than a wide one, and of many never a lower score', async () => {
      const best = async (beam_width: string) => (await verbose({ beam_width })).hypotheses[0]!;
      const [narrow, wide] = [await best('1'), await best('200')];
      expect(wide.score).toBeGreaterThanOrEqual(narrow.score);
    });
  });

  describe('a grammar', () => {
    const ways: [string, FormFields][] = [
      ['by name', { grammar: 'three-words' }],
      ['in JSON', { grammar: JSON.stringify(threeWords) }],
      [
        'in JSGF',
        {
          grammar: `#JSGF V1.0; grammar words; public <all> = <one> <one> <one>; <one> = ${words.join(' | ')};`,
        },
      ],
    ];
    it.each(ways)('%s is held to by the beam and by the HMM', async (_, fields) => {
      for (const decoder of ['ctc_beam', 'hmm']) {
        const { text } = await verbose({ ...fields, decoder });
        expect(text.split(' '), decoder).toHaveLength(3);
      }
    });

    it('means the same in a form, by name, and in a JSON body', async () => {
      const named = await postJson({ grammar: 'three-words' });
      const brought = await postJson({ grammar: threeWords });
      const answer = (await named.json()) as Verbose;
      expect(answer).toMatchObject({ decoder: 'ctc_beam' });
      expect(answer.text.split(' ')).toHaveLength(3);
      expect(await brought.json()).toEqual(answer);
    });

    it('may be of one word, and of none', async () => {
      expect((await verbose({ grammar: '"two"' })).text).toBe('two');
      expect((await verbose({ grammar: 'Two five' })).text).toBe('two five');
      expect((await verbose({ grammar: '{"sequence": []}' })).text).toBe('');
    });

    it('holds in a comparison for those that can hold to one, which the answer names', async () => {
      const response = await postAudio(service, 'comparisons', wav, {
        grammar: 'three-words',
        hotwords: 'one',
      });
      const { decoders } = (await response.json()) as {
        decoders: { decoder: string; text: string; applied: string[] }[];
      };
      expect(decoders.map(({ decoder, applied }) => [decoder, applied])).toEqual([
        ['ctc_greedy', []],
        ['ctc_beam', ['hotwords', 'grammar']],
        ['hmm', ['grammar']],
      ]);
      for (const { text } of decoders.slice(1)) expect(text.split(' ')).toHaveLength(3);
    });

    it('is forgotten with its request', async () => {
      const before = await verbose({ decoder: 'ctc_beam' });
      await verbose({ decoder: 'ctc_beam', grammar: '"two"', hotwords: 'five:50' });
      expect((await verbose({ decoder: 'ctc_beam' })).hypotheses).toEqual(before.hypotheses);
    });
  });

  describe('hotwords', () => {
    it('are heard the more the more they weigh', async () => {
      const countOf = async (weight: number) => {
        const { text } = await verbose({ hotwords: `five:${weight}` });
        return text.split(' ').filter((word) => word === 'five').length;
      };
      const [never, often] = [await countOf(-100), await countOf(20)];
      expect(never).toBe(0);
      expect(often).toBeGreaterThan(0);
    });

    it('mean the same as fields of a form, as a list in one, and in a JSON body', async () => {
      const answers = await Promise.all([
        verbose({ hotwords: ['one two:2.5', 'FIVE'] }),
        verbose({ hotwords: '[{"phrase": "one two", "weight": 2.5}, "five"]' }),
        verbose({ 'hotwords[]': ['["one two:2.5"]', 'five:3'] }),
      ]);
      for (const { hypotheses } of answers) expect(hypotheses).toEqual(answers[0]!.hypotheses);
      expect(answers[0]!.hypotheses[0]!.score_parts).toHaveProperty('hotwords');
      const json = await Promise.all(
        [
          ['one two:2.5', 'five'],
          [{ phrase: 'one two', weight: 2.5 }, { phrase: 'five' }],
        ].map(async (hotwords) => (await postJson({ hotwords })).json()),
      );
      expect(json[0]).toMatchObject({ decoder: 'ctc_beam', text: expect.any(String) });
      expect(json[1]).toEqual(json[0]);
    });
  });

  const manyPhrases = Array.from({ length: 1001 }, (_, index) => `one${' two'.repeat(index % 9)}`);
  const deep = `${'{"optional":'.repeat(10_000)}"one"${'}'.repeat(10_000)}`;
  const inForm: [string, FormFields, string, string][] = [
    ['a beam of none', { beam_width: '0' }, 'beam_width', 'expected at least 1, got 0'],
    ['a beam below none', { beam_width: '-1' }, 'beam_width', 'a whole number, got "-1"'],
    ['too wide a beam', { beam_width: '201' }, 'beam_width', 'expected at most 200, got 201'],
    ['a vast beam', { beam_width: '1000000000' }, 'beam_width', 'expected at most 200'],
    ['a beam in words', { beam_width: 'wide' }, 'beam_width', 'a whole number, got "wide"'],
    ['a beam that is no number', { beam_width: 'NaN' }, 'beam_width', 'a whole number'],
    ['half a beam', { beam_width: '2.5' }, 'beam_width', 'a whole number'],
    ['two beams', { beam_width: ['2', '3'] }, 'beam_width', 'expected one value, got two'],
    [
      'a beam for greedy decoding',
      { beam_width: '5', decoder: 'ctc_greedy' },
      'beam_width',
      'beam_width: expected it only with decoder ctc_beam, got "ctc_greedy"',
    ],
    ['a beam for the HMM', { beam_width: '5', decoder: 'hmm' }, 'beam_width', 'got "hmm"'],
    ['101 hypotheses', { n_best: '101' }, 'n_best', 'n_best: expected at most 100, got 101'],
    [
      'hotwords for greedy decoding',
      { hotwords: 'one', decoder: 'ctc_greedy' },
      'hotwords',
      'hotwords: expected it only with decoder ctc_beam, got "ctc_greedy"',
    ],
    ['hotwords for the HMM', { hotwords: 'one', decoder: 'hmm' }, 'hotwords', 'got "hmm"'],
    ['an empty phrase', { hotwords: '' }, 'hotwords', 'expected at least one word'],
    ['a phrase of white space', { hotwords: ' :3' }, 'hotwords', 'expected at least one word'],
    ['no phrase', { hotwords: '[]' }, 'hotwords', 'expected at least 1, got []'],
    [
      'a weight of nothing',
      { hotwords: 'one:' },
      'hotwords',
      'hotwords.0.weight: expected a number',
    ],
    ['a weight that is none', { hotwords: 'one:NaN' }, 'hotwords', 'expected a number, got "NaN"'],
    ['a weight beyond all', { hotwords: 'one:1e9' }, 'hotwords', 'expected at most 100'],
    ['a weight beneath all', { hotwords: 'one:-1e9' }, 'hotwords', 'expected at least -100'],
    ['a list that breaks off', { hotwords: '["one"' }, 'hotwords', 'in JSON'],
    ['a list of numbers', { hotwords: '[1]' }, 'hotwords', 'hotwords.0: expected an object, got 1'],
    ['a phrase twice', { hotwords: ['one', 'ONE:5'] }, 'hotwords', 'expected each phrase once'],
    ['1001 phrases', { hotwords: manyPhrases }, 'hotwords', 'expected at most 1000 phrases'],
    ['unknown words', { hotwords: 'one xyzzy' }, 'hotwords', 'got "xyzzy"'],
    [
      'a phrase with more than it may have',
      { hotwords: '[{"phrase": "one", "boost": 3}]' },
      'hotwords',
      'unknown field "boost" in hotwords.0',
    ],
    [
      'a phrase with a prototype',
      { hotwords: '[{"phrase": "one", "__proto__": {"weight": 3}}]' },
      'hotwords',
      '__proto__',
    ],
    [
      'a grammar for greedy decoding',
      { grammar: 'three-words', decoder: 'ctc_greedy' },
      'grammar',
      'grammar: expected it only with decoder ctc_beam, hmm or hybrid, got "ctc_greedy"',
    ],
    [
      'a grammar that the model does not have',
      { grammar: 'seven-words' },
      'grammar',
      'grammar: expected three-words, or words that model tiny can hear, got "seven-words"',
    ],
    ['an empty grammar', { grammar: '' }, 'grammar', 'grammar'],
    ['a prototype as grammar', { grammar: '__proto__' }, 'grammar', 'got "__proto__"'],
    ['the constructor as grammar', { grammar: 'constructor' }, 'grammar', 'got "constructor"'],
    ['a JSGF that breaks off', { grammar: '#JSGF V1.0; grammar x; public <a> = (' }, 'grammar', ''],
    ['a grammar that breaks off', { grammar: '{"sequence": [' }, 'grammar', 'malformed JSON'],
    ['a list as grammar', { grammar: '["one"]' }, 'grammar', 'grammar'],
    ['a grammar of no alternatives', { grammar: '{"alternatives": []}' }, 'grammar', 'grammar'],
    [
      'a grammar with a number in it',
      { grammar: '{"sequence": ["one", {"optional": 2}]}' },
      'grammar',
      'grammar',
    ],
    [
      'a grammar with another field',
      { grammar: '{"sequence": ["one"], "weight": 2}' },
      'grammar',
      'grammar',
    ],
    [
      'a grammar with a prototype',
      { grammar: '{"__proto__": {"sequence": ["one"]}}' },
      'grammar',
      'grammar',
    ],
    [
      'a grammar with a field twice',
      { grammar: '{"sequence": ["one"], "sequence": ["two"]}' },
      'grammar',
      'field sequence is given twice',
    ],
    [
      'a grammar that repeats less often than it must',
      { grammar: '{"repeat": "one", "min": 3, "max": 2}' },
      'grammar',
      'grammar',
    ],
    [
      'a grammar that repeats too often',
      { grammar: '{"repeat": {"repeat": "one", "min": 1000}, "min": 1000}' },
      'grammar',
      'expected a graph of at most 10000 nodes',
    ],
    [
      'a grammar that repeats too often for the HMM',
      { grammar: '{"repeat": {"repeat": "one", "min": 1000}, "min": 1000}', decoder: 'hmm' },
      'grammar',
      'expected a graph of at most 10000 nodes',
    ],
    [
      'a grammar that takes too long to be made',
      {
        grammar: JSON.stringify({
          sequence: [
            { repeat: { alternatives: ['one', 'two'] }, min: 0 },
            'one',
            { repeat: { alternatives: ['one', 'two'] }, times: 40 },
          ],
        }),
      },
      'grammar',
      'grammar: expected a graph',
    ],
    ['a grammar of unknown words', { grammar: '"xyzzy"' }, 'grammar', 'xyzzy'],
    [
      'a grammar of words that the HMM does not know',
      { grammar: '"xyzzy"', decoder: 'hmm' },
      'grammar',
      'xyzzy',
    ],
    ['a deep grammar', { grammar: deep.slice(0, 60_000) }, 'grammar', 'grammar'],
    [
      'granularities that there are not',
      { timestamp_granularities: 'letter', response_format: 'verbose_json' },
      'timestamp_granularities',
      'timestamp_granularities.0: expected one of word, segment, got "letter"',
    ],
  ];
  it.each(inForm)('refuses %s', async (_, fields, param, message) => {
    const response = await post(fields);
    const error = await errorOf(response);
    expect({ status: response.status, ...error }).toMatchObject({
      status: 400,
      code: 'invalid_request',
      param,
    });
    expect(error.message).toContain(message);
    expect(error.message.length).toBeLessThan(300);
  });

  it.each<[string, object, string]>([
    ['a beam as text', { beam_width: '5' }, 'beam_width'],
    ['no beam', { beam_width: null }, 'beam_width'],
    ['hotwords as text', { hotwords: 'one' }, 'hotwords'],
    ['hotwords as an object', { hotwords: { one: 3 } }, 'hotwords'],
    ['a weight as text', { hotwords: [{ phrase: 'one', weight: '3' }] }, 'hotwords'],
    ['a phrase that is none', { hotwords: [{ phrase: 5 }] }, 'hotwords'],
    ['a number as grammar', { grammar: 5 }, 'grammar'],
    ['null as grammar', { grammar: null }, 'grammar'],
    ['a list as grammar', { grammar: ['one'] }, 'grammar'],
    ['logprobs of nothing', { include: ['words'] }, 'include'],
  ])('refuses %s in JSON', async (_, fields, param) => {
    const response = await postJson(fields);
    const error = await errorOf(response);
    expect([response.status, error.code, error.param]).toEqual([400, 'invalid_request', param]);
  });

  it('refuses JSON that gives a field twice, and says which', async () => {
    const twice = JSON.stringify({ features: rowsOf(matrix) }).replace(
      '{',
      '{"n_best": 1, "n_\\u0062est": 2, ',
    );
    const response = await fetch(`${service.url}/v1/features/transcriptions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: twice,
    });
    expect([response.status, await errorOf(response)]).toMatchObject([
      400,
      { code: 'invalid_request', param: 'n_best', message: 'field n_best is given twice' },
    ]);
  });

  it('refuses a grammar that is nested deep in JSON, and lives on', async () => {
    const body = `{"features": [[1]], "grammar": ${deep.slice(0, -10_000)}`;
    for (const grammar of [deep, body]) {
      const response = await fetch(`${service.url}/v1/features/transcriptions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: grammar,
      });
      expect(response.status).toBe(400);
    }
    expect((await post({})).status).toBe(200);
  });

  it('refuses a comparison none of whose decoders can do what is asked', async () => {
    const fields = { 'decoders[]': ['ctc_greedy', 'hmm'], hotwords: 'one' };
    const response = await postAudio(service, 'comparisons', wav, fields);
    expect([response.status, await errorOf(response)]).toMatchObject([
      400,
      {
        param: 'hotwords',
        message: 'hotwords: expected it only with decoders ctc_beam, got "ctc_greedy, hmm"',
      },
    ]);
  });

  it('shows the limits and the grammars of a model', async () => {
    const model = await (await fetch(`${service.url}/v1/models/tiny`)).json();
    expect(model).toMatchObject({
      decoders: ['ctc_greedy', 'ctc_beam', 'hmm'],
      grammars: [{ name: 'three-words', description: 'Exactly three of the words' }],
      alphabet: { kind: 'words', blank: 0 },
      limits: { max_beam_width: 200, max_hotwords: 1000, max_grammar_size: 10_000 },
    });
  });

  it('gives the same bytes the same answer, alone and among others', async () => {
    const asked: FormFields[] = [
      { decoder: 'ctc_beam', beam_width: '50' },
      { hotwords: 'five:9' },
      { grammar: 'three-words' },
      { grammar: 'three-words', decoder: 'hmm' },
      {},
    ];
    const read = async (fields: FormFields) => (await post(fields)).text();
    const alone: string[] = [];
    for (const fields of asked) alone.push(await read(fields));
    const rounds = Array.from({ length: 4 }, () => asked.map(read)).flat();
    expect(await Promise.all(rounds)).toEqual(Array.from({ length: 4 }, () => alone).flat());
  });
});
