import { z } from 'zod';
import { grammarSchema, wordsNamedBy } from '../language/grammar.ts';
import { lexiconFaults } from '../language/lexicon.ts';
import { unitSchema } from './unit.ts';

export { type UnitDefinition, unitSchema } from './unit.ts';

/** `hmm.json`, `hybrid.json`: everything besides the acoustic scores that recognition by the HMM needs. */
export const hmmDefinitionSchema = z
  .strictObject({
    format: z.literal(1),
    /** Columns of the emission matrix: emitting states of hmm.onnx or hybrid.onnx. */
    emissions: z.int().positive(),
    /** Frames on either side of a frame that its row of emissions depends on; 0 by default. */
    reach: z.int().min(0).max(1000).optional(),
    units: z.record(z.string().min(1), unitSchema),
    /** Pronunciations of each word: sequences of units. */
    lexicon: z.record(z.string().min(1), z.array(z.array(z.string().min(1)).min(1)).min(1)),
    /** Units that stand for no word: pauses at edges and between words, noises, and words unknown. */
    silence: z.string(),
    /** Other sounds that nobody said: coughs, clicks. */
    noises: z.array(z.string()).default([]),
    /** Speech outside the vocabulary. */
    filler: z.string().optional(),
    decoding: z.strictObject({
      /** Added to the ln score for every word, filler or noise; negative ones ask for fewer. */
      wordPenalty: z.number(),
      fillerPenalty: z.number(),
      /** Added besides for every frame of filler, which fits everything a little. */
      fillerFramePenalty: z.number().optional(),
      noisePenalty: z.number(),
      /** Added where speech goes over from words to filler or from filler to words, pauses between or not. */
      switchPenalty: z.number().optional(),
      /** A state this many nats below the best of its frame is given up. */
      beam: z.number().positive(),
      /** What scores are multiplied by before they become posteriors (Wessel et al. 2001). */
      posteriorScale: z.number().positive().max(1),
      /** Which words may follow one another; by default any, as often as one likes. */
      grammar: grammarSchema.optional(),
    }),
  })
  .superRefine((definition, context) => {
    for (const { path, message } of definitionFaults(definition)) {
      context.addIssue({ code: 'custom', path, message });
    }
  });
export type HmmDefinition = z.infer<typeof hmmDefinitionSchema>;

type Fault = { readonly path: (string | number)[]; readonly message: string };

/** What the parts of a definition have wrong about each other. */
function* definitionFaults(definition: HmmDefinition): Generator<Fault> {
  const { emissions, units, lexicon, silence, noises, filler, decoding } = definition;
  for (const [name, unit] of Object.entries(units)) {
    for (const [state, column] of unit.emissions.entries()) {
      if (column < emissions) continue;
      const message = `expected a column in [0, ${emissions}), got ${column}`;
      yield { path: ['units', name, 'emissions', state], message };
    }
  }
  const names = new Set(Object.keys(units));
  const wordless: [(string | number)[], string | undefined][] = [
    [['silence'], silence],
    ...noises.map((name, index): [(string | number)[], string] => [['noises', index], name]),
    [['filler'], filler],
  ];
  const seen = new Set<string>();
  for (const [path, name] of wordless) {
    if (name === undefined) continue;
    if (!names.has(name)) {
      yield { path, message: `expected the name of a unit, got ${JSON.stringify(name)}` };
    } else if (seen.has(name)) {
      yield { path, message: `expected another unit, got ${JSON.stringify(name)} again` };
    }
    seen.add(name);
  }
  for (const { path, message } of lexiconFaults(new Map(Object.entries(lexicon)), names)) {
    yield { path: ['lexicon', ...path], message };
  }
  if (decoding.grammar === undefined) return;
  for (const word of wordsNamedBy(decoding.grammar)) {
    if (Object.hasOwn(lexicon, word)) continue;
    const message = `expected words of the lexicon, got ${JSON.stringify(word)}`;
    yield { path: ['decoding', 'grammar'], message };
  }
}
