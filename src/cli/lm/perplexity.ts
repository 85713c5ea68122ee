import type { Command } from 'commander';
import type { NgramModel } from '../../language/ngram/ngram-model.ts';
import {
  type Perplexities,
  perplexitiesOf,
  sumScores,
  type TextScore,
  TextScorer,
} from '../../language/ngram/perplexity.ts';
import { stoppable } from '../interrupt.ts';
import { alignColumns } from '../table.ts';
import { loadWithProgress } from './model-file.ts';
import { textsHelp, visitTexts } from './sentences.ts';

type PerplexityFlags = { readonly model: string; readonly asIs?: true; readonly json?: true };

export function addPerplexity(group: Command): void {
  group
    .command('perplexity')
    .description('how well a model foresees texts')
    .argument('<text...>', 'texts or manifests')
    .requiredOption('--model <file>', 'the model')
    .option('--as-is', 'words as they are written, upper case too')
    .option('--json', 'as one JSON object')
    .addHelpText(
      'after',
      `
${textsHelp}

"perplexity" is of the words that the model knows and of the ends of sentences, "without ends" of the words
alone, "with <unk>" of all words, unknown ones as <unk>, and the ends. Under "impossible" are words and ends
that the model knows and gives no probability.

Examples:
  $ sori lm perplexity corpora/librispeech/dev.jsonl --model books.arpa.gz
  $ sori lm perplexity monday.txt tuesday.txt.gz --model dates.ngram --json`,
    )
    .action(runPerplexity);
}

async function runPerplexity(texts: readonly string[], flags: PerplexityFlags): Promise<void> {
  const { model, scores } = await stoppable((signal) => scoreTexts(texts, flags, signal));
  const hasUnknown = model.vocabulary.unknown >= 0;
  const rows = scores.map((score, index) => ({
    file: texts[index]!,
    score,
    perplexities: perplexitiesOf(score, hasUnknown),
  }));
  const total = sumScores(scores);
  const all = { file: 'all', score: total, perplexities: perplexitiesOf(total, hasUnknown) };
  if (flags.json) {
    const files = rows.map((row) => ({ file: row.file, ...asJson(row) }));
    console.log(JSON.stringify({ files, total: asJson(all) }));
  } else {
    const header = ['', 'sentences', 'words', 'unknown', 'impossible'];
    const columns = ['perplexity', 'without ends', 'with <unk>'];
    const lines = (rows.length === 1 ? rows : [...rows, all]).map(asCells);
    for (const line of alignColumns([[...header, ...columns], ...lines])) console.log(line);
  }
}

/** One score a text, in their order. */
async function scoreTexts(
  texts: readonly string[],
  { model: path, asIs }: PerplexityFlags,
  signal: AbortSignal,
): Promise<{ model: NgramModel; scores: TextScore[] }> {
  const model = await loadWithProgress(path, signal);
  const scorer = new TextScorer(model);
  const options = { asIs: asIs === true, signal };
  const scores: TextScore[] = [];
  for (const text of texts) {
    await visitTexts([text], options, ({ words }) => scorer.add(words));
    scores.push(scorer.take());
  }
  return { model, scores };
}

type Row = {
  readonly file: string;
  readonly score: TextScore;
  readonly perplexities: Perplexities;
};

function asJson({ score, perplexities }: Row): object {
  return {
    sentences: score.sentences,
    words: score.words,
    unknown: score.unknown,
    impossible: score.impossible,
    log_prob: {
      words: score.logProbOfWords,
      unknown: score.logProbOfUnknown,
      ends: score.logProbOfEnds,
    },
    perplexity: perplexities.withEnds,
    perplexity_without_ends: perplexities.withoutEnds,
    perplexity_with_unknown: perplexities.withUnknown,
  };
}

function asCells({ file, score, perplexities }: Row): string[] {
  const { withEnds, withoutEnds, withUnknown } = perplexities;
  return [
    file,
    ...[score.sentences, score.words, score.unknown, score.impossible].map(String),
    ...[withEnds, withoutEnds, withUnknown].map((value) => value?.toFixed(2) ?? '–'),
  ];
}
