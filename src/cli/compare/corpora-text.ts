import type { PairScores } from '../../evaluation/system-comparison.ts';
import { scoreCells, scoreHeading } from '../evaluation/report-text.ts';
import { percent } from '../percent.ts';
import { alignColumns } from '../table.ts';
import { errorText } from './error-text.ts';
import type { CorpusComparison } from './measure.ts';
import { pText, signed } from './numbers.ts';

/** More errors of one decoder alone are in the JSON and in the HTML report. */
const errorsListed = 20;

/** The comparison of decoders on corpora, for people. */
export function corporaText(comparison: CorpusComparison): string {
  const sections = [
    headLines(comparison),
    comparison.decoders[0]!.scores === undefined
      ? falseWordLines(comparison)
      : scoreLines(comparison),
    ...comparison.pairs.flatMap((pair) => [pairLines(pair), ...unsharedLines(pair)]),
    speedLines(comparison),
  ];
  return sections.map((lines) => lines.join('\n')).join('\n\n');
}

function headLines(comparison: CorpusComparison): string[] {
  const { model, date, decoders, clips, clipsListed, only, manifests } = comparison;
  const graphs = decoders.map(({ decoder, sha256 }) => `${decoder} ${sha256.slice(0, 12)}…`);
  const chosen = only === 'vocabulary' ? ' (only those within the vocabulary)' : '';
  return [
    `model    ${model}, sha256 of ${graphs.join(', ')}, ${date}`,
    `clips    ${clips} of ${clipsListed}${chosen} from ${manifests.join(', ')}`,
  ];
}

/** A set's rates decoder under decoder. */
function scoreLines({ decoders }: CorpusComparison): string[] {
  const scores = decoders.flatMap((report) =>
    report.scores === undefined ? [] : [{ ...report.scores, decoder: report.decoder }],
  );
  const sets = scores[0]!.corpora.map(({ name }) => name);
  const rows = (sets.length > 1 ? sets : []).flatMap((set, index) =>
    scores.map(({ decoder, corpora }) => [set, decoder, ...scoreCells(corpora[index]!)]),
  );
  const all = sets.length === 1 ? sets[0]! : 'all';
  const total = scores.map(({ decoder, total }) => [all, decoder, ...scoreCells(total)]);
  const heading = ['set', 'decoder', ...scoreHeading];
  return alignColumns([heading, ...rows, ...total], '  ', new Set([0, 1]));
}

function falseWordLines({ decoders }: CorpusComparison): string[] {
  const sets = decoders[0]!.falseWords!.map(({ name }) => name);
  const rows = sets.flatMap((set, index) =>
    decoders.map(({ decoder, falseWords }) => {
      const { clips, audioMinutes, count, perMinute, spoken, found } = falseWords![index]!;
      return [
        set,
        decoder,
        String(clips),
        audioMinutes.toFixed(1),
        String(count),
        perMinute.toFixed(2),
        String(spoken),
        String(found),
      ];
    }),
  );
  const heading = ['set', 'decoder', 'clips', 'minutes', 'false words', 'a minute'];
  return alignColumns([[...heading, 'really said', 'found'], ...rows], '  ', new Set([0, 1]));
}

function pairLines({ between, total, corpora }: CorpusComparison['pairs'][number]): string[] {
  const [first, second] = between;
  const row = (name: string, scores: PairScores) => {
    const { segments, meanDifference, standardError, z } = scores.significance;
    return [
      name,
      percent(scores.agreement),
      `${scores.sameText} of ${scores.clips}`,
      String(scores.onlyFirst),
      String(scores.onlySecond),
      String(scores.shared),
      String(segments),
      signed(meanDifference),
      standardError.toFixed(3),
      signed(z, 2),
      pText(scores.significance),
    ];
  };
  const heading = [
    'agreement',
    'same text',
    `only ${first}`,
    `only ${second}`,
    'both',
    'segments',
    'difference',
    'std. error',
    'z',
    'p',
  ];
  const sets = corpora.length > 1 ? corpora.map((set) => row(set.name, set)) : [];
  const all = row(corpora.length === 1 ? corpora[0]!.name : 'all', total);
  return [
    `errors of ${first} and ${second}; difference is the first’s less the second’s, a segment:`,
    ...alignColumns([['set', ...heading], ...sets, all]),
  ];
}

function unsharedLines(pair: CorpusComparison['pairs'][number]): string[][] {
  return ([pair.onlyFirst, pair.onlySecond] as const).flatMap((errors, side) => {
    if (errors.length === 0) return [];
    const rest = errors.length - errorsListed;
    const rows = errors.slice(0, errorsListed).map((error) => [errorText(error), error.clip]);
    return [
      [
        `errors that only ${pair.between[side]} makes, ${pair.between[1 - side]} does not:`,
        ...alignColumns(rows, '  ', new Set([0, 1])).map((line) => `  ${line}`),
        ...(rest > 0 ? [`  and ${rest} more (all of them with --json or --report)`] : []),
      ],
    ];
  });
}

/** Seconds of work a second of audio, by stage. */
function speedLines({ decoders, audioSeconds, wallSeconds, threads }: CorpusComparison): string[] {
  const stages = [...new Set(decoders.flatMap(({ timing }) => Object.keys(timing.stageSeconds)))];
  const rows = decoders.map(({ decoder, timing }) => [
    decoder,
    ...stages.map((stage) => factor((timing.stageSeconds[stage] ?? 0) / timing.audioSeconds)),
    factor(timing.realTimeFactor),
    timing.realTimeFactor > 0 ? (1 / timing.realTimeFactor).toFixed(0) : '∞',
  ]);
  return [
    ...alignColumns([['real-time factor', ...stages, 'all', '× real time'], ...rows]),
    `${audioSeconds.toFixed(1)} s of audio in ${wallSeconds.toFixed(1)} s on ${threads} ${threads === 1 ? 'thread' : 'threads'}, all decoders together`,
  ];
}

function factor(value: number): string {
  return value.toFixed(5);
}
