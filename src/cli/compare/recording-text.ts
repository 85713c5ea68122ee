import type { HypothesisWord } from '../../decoding/hypothesis.ts';
import type { AlignedPair } from '../../evaluation/edit-distance.ts';
import type { Comparison, Reading, ReadingPair, Unread } from '../../recognition/comparison.ts';
import { percent } from '../percent.ts';
import { alignColumns } from '../table.ts';

/** One recording's comparison for people. */
export function recordingText(file: string, comparison: Comparison): string {
  const { durationSeconds, agreement, readings, pairs, milliseconds } = comparison;
  const agreed = agreement === undefined ? '' : `, agreement ${percent(agreement)}`;
  const read = readings.filter((reading) => 'hypotheses' in reading);
  const sections = [
    [`${file}: ${durationSeconds.toFixed(2)} s${agreed}`],
    alignColumns(readings.map(textRow), '  ', new Set([0, 1])),
    ...pairs.map(pairLines),
    scoreLines(read),
    timeLines(read, milliseconds),
    ...(read.some(({ errors }) => errors !== undefined) ? [errorLines(read)] : []),
  ];
  return sections.map((lines) => lines.join('\n')).join('\n\n');
}

function textRow(reading: Reading | Unread): string[] {
  if ('error' in reading) return [reading.decoder, `cannot read it: ${reading.error.message}`];
  return [reading.decoder, reading.hypotheses[0].text || '(nothing)'];
}

/** Two decoders' words side by side, equal ones with an equals sign between. */
function pairLines({ between, words }: ReadingPair): string[] {
  const [first, second] = between;
  const rows = words.map((pair) => [
    ...wordCells(pair.first),
    pair.same ? '=' : '≠',
    ...wordCells(pair.second),
  ]);
  const heading = [first, 'seconds', 'confidence', '', second, 'seconds', 'confidence'];
  return alignColumns([heading, ...rows], '  ', new Set([0, 4]));
}

function wordCells(word: HypothesisWord | null): [string, string, string] {
  if (word === null) return ['·', '', ''];
  const span = `${word.startSeconds.toFixed(2)}–${word.endSeconds.toFixed(2)}`;
  return [word.word, span, word.confidence.toFixed(3)];
}

function scoreLines(readings: readonly Reading[]): string[] {
  const rows = readings.map(({ decoder, hypotheses: [{ confidence, score, scoreParts }] }) => [
    decoder,
    confidence.toFixed(3),
    score.toFixed(2),
    Object.entries(scoreParts)
      .map(([part, value]) => `${part} ${value.toFixed(2)}`)
      .join(', '),
  ]);
  const heading = ['decoder', 'confidence', 'score', 'parts of the score'];
  return alignColumns([heading, ...rows], '  ', new Set([0, 3]));
}

/** The stages that a decoder went through, those before the acoustic models included. */
function timeLines(readings: readonly Reading[], before: Comparison['milliseconds']): string[] {
  const taken = readings.map(({ milliseconds }) => ({ ...before, ...milliseconds }));
  const stages = [...new Set(taken.flatMap((times) => Object.keys(times)))];
  const rows = taken.map((times, index) => {
    const cells = stages.map((stage) => times[stage as keyof typeof times] ?? 0);
    const total = cells.reduce((sum, cell) => sum + cell, 0);
    return [readings[index]!.decoder, ...[...cells, total].map((cell) => cell.toFixed(1))];
  });
  return alignColumns([['ms', ...stages, 'all'], ...rows]);
}

function errorLines(readings: readonly Reading[]): string[] {
  const rows = readings.flatMap(({ decoder, errors }) => {
    if (errors === undefined) return [];
    const { words, characters } = errors;
    return [
      [
        decoder,
        percent(words.rate),
        String(words.substitutions),
        String(words.deletions),
        String(words.insertions),
        percent(characters.rate),
        words.edits.map(editText).join(', '),
      ],
    ];
  });
  const heading = ['errors', 'WER', 'sub', 'del', 'ins', 'CER', 'said → recognised'];
  return alignColumns([heading, ...rows], '  ', new Set([0, 6]));
}

function editText({ reference, hypothesis }: AlignedPair<string>): string {
  return `${reference ?? '·'} → ${hypothesis ?? '·'}`;
}
