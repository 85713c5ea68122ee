import { alignTokens } from '../../../evaluation/edit-distance.ts';
import { wordsOf } from '../../../evaluation/word-error-rate.ts';
import { pathToShow } from '../../model-card/paths.ts';
import { percent } from '../../percent.ts';
import { errorText } from '../error-text.ts';
import type { CorpusComparison, DecoderReport } from '../measure.ts';
import { pText, signed } from '../numbers.ts';
import {
  confidenceChart,
  errorRateChart,
  falseWordChart,
  speakerChart,
  speedChart,
} from './charts.ts';
import { Html, html, htmlTable } from './html.ts';
import { style } from './style.ts';

type Scored = Extract<DecoderReport, { scores: object }>;
type Pair = CorpusComparison['pairs'][number];

/** The comparison as one HTML page that needs no network and runs no script. */
export function reportPage(comparison: CorpusComparison): string {
  const { model, decoders, pairs } = comparison;
  const scored = decoders.filter((decoder): decoder is Scored => decoder.scores !== undefined);
  const title = `${model}: ${decoders.map(({ decoder }) => decoder).join(' and ')}`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${new Html(style)}</style>
</head>
<body>
<h1>${title}</h1>
${head(comparison)}
${scored.length > 0 ? errorRates(scored) : falseWords(comparison)}
${pairs.map((pair) => pairSection(pair, scored))}
${confidences(comparison)}
${speed(comparison)}
${differing(comparison)}
</body>
</html>
`.markup;
}

function head({
  date,
  clips,
  clipsListed,
  only,
  audioSeconds,
  manifests,
  decoders,
}: CorpusComparison) {
  const chosen = only === 'vocabulary' ? ', only those within the vocabulary' : '';
  return html`<p>${clips} of ${clipsListed} clips${chosen}, ${(audioSeconds / 60).toFixed(1)} minutes,
from ${manifests.map(pathToShow).join(', ')}; ${date}.</p>
<p class="small">${decoders.map(
    ({ decoder, sha256 }) => html`${decoder} <code>${sha256.slice(0, 16)}</code> `,
  )}</p>`;
}

function errorRates(decoders: readonly Scored[]): Html {
  const several = decoders[0]!.scores.corpora.length > 1;
  const sets = decoders[0]!.scores.corpora.map(({ name }) => name);
  const rows = [...sets.keys(), ...(several ? [undefined] : [])].flatMap((index) =>
    decoders.map(({ decoder, scores }) => {
      const of = index === undefined ? { ...scores.total, name: 'all' } : scores.corpora[index]!;
      const { words, characters, sentences } = of;
      return [
        of.name,
        decoder,
        String(of.clips),
        String(words.referenceLength),
        percent(words.rate),
        String(words.substitutions),
        String(words.deletions),
        String(words.insertions),
        percent(characters.rate),
        percent(sentences.rate),
      ];
    }),
  );
  const heading = ['set', 'decoder', 'clips', 'words', 'WER', 'sub', 'del', 'ins', 'CER', 'SER'];
  return html`<h2>Error rates</h2>${errorRateChart(decoders)}${htmlTable(heading, rows)}`;
}

function falseWords({ decoders }: CorpusComparison): Html {
  const rows = decoders.flatMap(({ decoder, falseWords: sets }) =>
    (sets ?? []).map(({ name, audioMinutes, count, perMinute, spoken, found, byWord }) => [
      name,
      decoder,
      audioMinutes.toFixed(1),
      String(count),
      perMinute.toFixed(2),
      byWord.map(({ word, count: times }) => `${word} ${times}`).join(', '),
      `${found} of ${spoken}`,
    ]),
  );
  const heading = [
    'set',
    'decoder',
    'minutes',
    'false words',
    'a minute',
    'which',
    'really said, found',
  ];
  return html`<h2>Words that nobody said</h2>${falseWordChart(decoders)}${htmlTable(heading, rows)}`;
}

function pairSection(pair: Pair, scored: readonly Scored[]): Html {
  const [first, second] = pair.between;
  const sides = pair.between.map((name) => scored.find(({ decoder }) => decoder === name));
  const [one, other] = sides;
  const heading = [
    ...['set', 'agreement', 'same text', `only ${first}`, `only ${second}`, 'both', 'segments'],
    ...['difference', 'std. error', 'z', 'p'],
  ];
  const total = { ...pair.total, name: 'all' };
  const sets = pair.corpora.length > 1 ? [...pair.corpora, total] : pair.corpora;
  const rows = sets.map(({ name, significance, ...scores }) => [
    name,
    percent(scores.agreement),
    `${scores.sameText} of ${scores.clips}`,
    String(scores.onlyFirst),
    String(scores.onlySecond),
    String(scores.shared),
    String(significance.segments),
    signed(significance.meanDifference),
    significance.standardError.toFixed(3),
    signed(significance.z, 2),
    pText(significance),
  ]);
  return html`<h2>${first} and ${second}</h2>
<p class="small">Errors that one of them makes alone, and places where both err. Matched-pairs test
(MAPSSWE): a segment lies between words that both have right; the difference is the errors of
${first} less those of ${second} in a segment, and p how likely so large a difference is by chance.</p>
${htmlTable(heading, rows)}
${
  one === undefined || other === undefined
    ? html``
    : html`<h3>By speaker</h3>${speakerChart(one, other)}
<p class="small">A point is a speaker, larger with more words; above the line ${first} errs less.</p>`
}
${unshared(pair, 0)}${unshared(pair, 1)}`;
}

function unshared(pair: Pair, side: 0 | 1): Html {
  const errors = side === 0 ? pair.onlyFirst : pair.onlySecond;
  if (errors.length === 0) return html``;
  const rows = errors.map((error) => [error.clip, errorText(error)]);
  return html`<details><summary>${errors.length} errors that only ${pair.between[side]} makes</summary>
${htmlTable(['clip', 'error'], rows)}</details>`;
}

function confidences({ decoders }: CorpusComparison): Html {
  const errors = decoders.map(
    ({ decoder, confidence }) => `${decoder} ${percent(confidence.calibrationError)}`,
  );
  return html`<h2>Confidence</h2>
<div class="row">${decoders.map((decoder, index) => confidenceChart(decoder, index))}</div>
<p class="small">Expected calibration error: ${errors.join(', ')}.</p>`;
}

function speed({ decoders, threads, wallSeconds }: CorpusComparison): Html {
  const rows = decoders.map(({ decoder, timing }) => [
    decoder,
    timing.realTimeFactor.toFixed(5),
    timing.realTimeFactor > 0 ? (1 / timing.realTimeFactor).toFixed(0) : '∞',
  ]);
  return html`<h2>Speed</h2>${speedChart(decoders)}
${htmlTable(['decoder', 'real-time factor of one thread', '× real time'], rows)}
<p class="small">${wallSeconds.toFixed(1)} s on ${threads} ${threads === 1 ? 'thread' : 'threads'},
all decoders together.</p>`;
}

function differing({ differing: clips, decoders }: CorpusComparison): Html {
  if (clips.length === 0) return html`<h2>Clips with different texts</h2><p>There are none.</p>`;
  const rows = clips.map(({ clip, reference, texts }) => [
    clip,
    html`${reference}`,
    ...texts.map((text) => marked(reference, text)),
  ]);
  const names = decoders.map(({ decoder }) => decoder);
  return html`<h2>Clips with different texts</h2>
<p class="small"><mark>Marked</mark> words were not said, <del>crossed out</del> ones were missed.</p>
${htmlTable(['clip', 'said', ...names], rows)}`;
}

/** A text with its errors made visible. */
function marked(reference: string, text: string): Html {
  const { pairs } = alignTokens(wordsOf(reference), wordsOf(text));
  return html`${pairs.map(({ kind, reference: said = '', hypothesis = '' }) => {
    if (kind === 'hit') return html`${hypothesis} `;
    return kind === 'deletion' ? html`<del>${said}</del> ` : html`<mark>${hypothesis}</mark> `;
  })}`;
}
