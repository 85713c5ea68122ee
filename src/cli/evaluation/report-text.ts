import { type ConfusionTable, isError } from '../../evaluation/confusion.ts';
import type { FalseWords } from '../../evaluation/false-words.ts';
import type { EvaluationScores, NamedScores, Scores } from '../../evaluation/scores.ts';
import type { Timing } from '../../evaluation/timing.ts';
import { percent } from '../percent.ts';
import { alignColumns } from '../table.ts';
import type { EvaluationReport } from './evaluate.ts';

/** A table of more columns does not fit a terminal; beyond it only the errors are listed. */
const widestConfusionTable = 16;
const confusionsListed = 30;

/** The report for people; `listWrong` adds every clip that did not come out right. */
export function reportText(report: EvaluationReport, listWrong: boolean): string {
  const { model, decoder, manifests, only, clipsListed, scores, falseWords, wrong } = report;
  const clips = (scores?.total ?? falseWords)!.clips;
  const chosen = only === 'vocabulary' ? ' (only those within the vocabulary)' : '';
  const sections = [
    [
      `model    ${model.name}, sha256 ${model.sha256.slice(0, 12)}…, ${decoder}, ${report.date}`,
      `clips    ${clips} of ${clipsListed}${chosen} from ${manifests.join(', ')}`,
    ],
    ...(scores === undefined ? [falseWordLines(falseWords!)] : scoreSections(scores)),
    ...(listWrong && wrong.length > 0 ? [wrongLines(report)] : []),
    timingLines(report.timing, report.threads),
  ];
  return sections.map((lines) => lines.join('\n')).join('\n\n');
}

/** The head of a table of `scoreCells`. */
export const scoreHeading = ['clips', 'minutes', 'words', 'WER', 'sub', 'del', 'ins', 'CER', 'SER'];

function scoreSections({ total, corpora, speakers, confusion }: EvaluationScores): string[][] {
  const sets = corpora.length > 1 ? corpora : [];
  return [
    alignColumns([
      ['set', ...scoreHeading],
      ...sets.map(scoreRow),
      scoreRow({ ...total, name: corpora.length === 1 ? corpora[0]!.name : 'all' }),
    ]),
    alignColumns([['speaker', ...scoreHeading], ...speakers.map(scoreRow)]),
    confusionLines(confusion),
  ];
}

function scoreRow(scores: NamedScores): string[] {
  return [scores.name, ...scoreCells(scores)];
}

/** One row of figures under `scoreHeading`. */
export function scoreCells(scores: Scores): string[] {
  const { clips, audioMinutes, words, characters, sentences } = scores;
  return [
    String(clips),
    audioMinutes.toFixed(1),
    String(words.referenceLength),
    percent(words.rate),
    String(words.substitutions),
    String(words.deletions),
    String(words.insertions),
    percent(characters.rate),
    percent(sentences.rate),
  ];
}

function confusionLines({ words, cells }: ConfusionTable): string[] {
  const errors = cells.filter(isError);
  if (errors.length === 0) return ['no confusions'];
  if (words.length > widestConfusionTable) {
    const rows = errors
      .slice(0, confusionsListed)
      .map(({ reference, hypothesis, count }) => [
        reference ?? '(nothing)',
        hypothesis ?? '(nothing)',
        String(count),
      ]);
    const rest = errors.length - rows.length;
    return [
      ...alignColumns([['said', 'recognised', 'times'], ...rows]),
      ...(rest > 0 ? [`and ${rest} rarer ones (all of them with --json)`] : []),
    ];
  }
  const counts = new Map(
    cells.map(({ reference, hypothesis, count }) => [
      JSON.stringify([reference, hypothesis]),
      count,
    ]),
  );
  const lookUp = (reference: string | null, hypothesis: string | null): string =>
    String(counts.get(JSON.stringify([reference, hypothesis])) ?? '·');
  return [
    ...alignColumns([
      ['said ↓ recognised →', ...words, '(deleted)'],
      ...words.map((said) => [
        said,
        ...words.map((word) => lookUp(said, word)),
        lookUp(said, null),
      ]),
      ['(inserted)', ...words.map((word) => lookUp(null, word)), ''],
    ]),
  ];
}

function falseWordLines({
  audioMinutes,
  count,
  perMinute,
  byWord,
  spoken,
  found,
}: FalseWords): string[] {
  const which = byWord.map((entry) => `${entry.word} ${entry.count}`).join(', ');
  return [
    `false words    ${count} in ${audioMinutes.toFixed(1)} min: ${perMinute.toFixed(2)} a minute`,
    ...(which === '' ? [] : [`which          ${which}`]),
    `really said    ${spoken} vocabulary words, ${found} of them recognised`,
  ];
}

function wrongLines({ wrong }: EvaluationReport): string[] {
  return wrong.flatMap(({ audio, reference, hypothesis }) => [
    audio,
    `  said        ${reference}`,
    `  recognised  ${hypothesis}`,
  ]);
}

function timingLines(timing: Timing, threads: number): string[] {
  const { audioSeconds, workSeconds, realTimeFactor, wallSeconds, stageSeconds } = timing;
  const stages = Object.entries(stageSeconds).map(
    ([stage, seconds]) => `${stage} ${percent(seconds / workSeconds)}`,
  );
  return [
    `timing   ${audioSeconds.toFixed(1)} s of audio in ${wallSeconds.toFixed(1)} s on ${threads} ${threads === 1 ? 'thread' : 'threads'};` +
      ` real-time factor of one thread ${realTimeFactor.toPrecision(2)}`,
    `         ${stages.join(', ')}`,
  ];
}
