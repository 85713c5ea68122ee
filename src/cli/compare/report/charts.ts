import type * as echarts from 'echarts';
import { confidenceBins } from '../../../evaluation/confidence.ts';
import type { NamedScores } from '../../../evaluation/scores.ts';
import { svgChart } from '../../../training/svg-chart.ts';
import type { CorpusComparison, DecoderReport } from '../measure.ts';
import { Html } from './html.ts';

const width = 860;

/** One a decoder, told apart by those who see no colour too: they differ in lightness. */
const colours = ['#1f5a99', '#e08a1e', '#5aa35a', '#8a5ba8'];
const wrongColour = '#555555';
/** What a share of a bar is, and how strong its colour. */
const errorKinds = [
  { kind: 'substitutions', opacity: 1 },
  { kind: 'deletions', opacity: 0.6 },
  { kind: 'insertions', opacity: 0.3 },
] as const;

type Scored = Extract<DecoderReport, { scores: object }>;

/** Word error rates by set, a bar a decoder, stacked from the kinds of error. */
export function errorRateChart(decoders: readonly Scored[]): Html {
  const sets = setsOf(decoders[0]!);
  const series = decoders.flatMap((decoder, index) =>
    errorKinds.map(({ kind, opacity }) => ({
      type: 'bar' as const,
      name: `${decoder.decoder} ${kind}`,
      stack: decoder.decoder,
      itemStyle: { color: colours[index % colours.length]!, opacity },
      barMaxWidth: 48,
      data: setsOf(decoder).map(({ words }) => percentOf(words[kind], words.referenceLength)),
    })),
  );
  return picture(340, {
    legend: { bottom: 0 },
    grid: { top: 20, bottom: 80, left: 60, right: 20 },
    xAxis: { type: 'category', data: sets.map(({ name }) => name) },
    yAxis: { type: 'value', name: 'word errors (% of words)', ...besideAxis(40) },
    series,
  });
}

/** False words a minute by set, a bar a decoder. */
export function falseWordChart(decoders: CorpusComparison['decoders']): Html {
  return picture(300, {
    legend: { bottom: 0 },
    grid: { top: 20, bottom: 60, left: 60, right: 20 },
    xAxis: { type: 'category', data: decoders[0]!.falseWords!.map(({ name }) => name) },
    yAxis: { type: 'value', name: 'false words a minute', ...besideAxis(40) },
    series: decoders.map(({ decoder, falseWords }, index) => ({
      type: 'bar' as const,
      name: decoder,
      itemStyle: { color: colours[index % colours.length]! },
      barMaxWidth: 48,
      data: falseWords!.map(({ perMinute }) => perMinute),
    })),
  });
}

/** A point a speaker: the word error rate of one decoder by that of another; on the line both err as much. */
export function speakerChart(first: Scored, second: Scored): Html {
  const others = new Map(second.scores.speakers.map((speaker) => [speaker.name, speaker]));
  const points = first.scores.speakers.flatMap(({ name, words }) => {
    const other = others.get(name)!.words;
    return Number.isFinite(words.rate) && Number.isFinite(other.rate)
      ? [{ name, x: 100 * words.rate, y: 100 * other.rate, words: words.referenceLength }]
      : [];
  });
  const end = roundedUp(Math.max(1, ...points.flatMap(({ x, y }) => [x, y])));
  const mostWords = Math.max(1, ...points.map(({ words }) => words));
  const named = new Set(
    [...points].sort((a, b) => Math.abs(b.x - b.y) - Math.abs(a.x - a.y)).slice(0, speakersNamed),
  );
  return picture(
    460,
    {
      grid: { top: 20, bottom: 60, left: 70, right: 30 },
      xAxis: { ...rateAxis(first.decoder, end), ...besideAxis(30) },
      yAxis: { ...rateAxis(second.decoder, end), ...besideAxis(45) },
      series: [
        {
          type: 'line',
          silent: true,
          symbol: 'none',
          lineStyle: { color: '#999', type: 'dashed', width: 1 },
          data: [
            [0, 0],
            [end, end],
          ],
        },
        {
          type: 'scatter',
          itemStyle: { color: colours[0]!, opacity: 0.55 },
          labelLayout: { hideOverlap: true },
          data: points.map((point) => ({
            value: [point.x, point.y],
            symbolSize: 5 + 12 * Math.sqrt(point.words / mostWords),
            label: {
              show: named.has(point) && point.x !== point.y,
              formatter: () => point.name,
              position: point.x > end / 2 ? ('left' as const) : ('right' as const),
              color: '#333',
            },
          })),
        },
      ],
    },
    560,
  );
}

const speakersNamed = 8;

/** How confident a decoder is of words that were said, and of words that were not. */
export function confidenceChart({ decoder, confidence }: DecoderReport, index: number): Html {
  const bins = Array.from({ length: confidenceBins }, (_, bin) =>
    (bin / confidenceBins).toFixed(2),
  );
  const shares = (counts: readonly number[]) => {
    const total = counts.reduce((sum, count) => sum + count, 0);
    return counts.map((count) => percentOf(count, total));
  };
  const counted = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);
  const series = (
    [
      ['said', confidence.right, colours[index % colours.length]!],
      ['not said', confidence.wrong, wrongColour],
    ] as const
  ).map(([what, counts, color]) => ({
    type: 'bar' as const,
    name: `${what} (${counted(counts)} words)`,
    itemStyle: { color, opacity: 0.8 },
    barGap: '0%',
    barCategoryGap: '15%',
    data: shares(counts),
  }));
  return picture(
    260,
    {
      title: { text: decoder, left: 'center', textStyle: { fontSize: 14 } },
      legend: { bottom: 0 },
      grid: { top: 35, bottom: 75, left: 55, right: 15 },
      xAxis: { type: 'category', data: bins, name: 'confidence from', ...besideAxis(25) },
      yAxis: { type: 'value', name: '% of these words', ...besideAxis(38) },
      series,
    },
    width / 2 - 10,
  );
}

/** Milliseconds of work for a second of audio, a bar a decoder, stacked from the stages. */
export function speedChart(decoders: CorpusComparison['decoders']): Html {
  const stages = [...new Set(decoders.flatMap(({ timing }) => Object.keys(timing.stageSeconds)))];
  const shades = ['#8c9bab', '#4f81b0', '#2c4f73', '#d9822b', '#7a4a12'];
  return picture(110 + 50 * decoders.length, {
    legend: { bottom: 0 },
    grid: { top: 10, bottom: 85, left: 110, right: 30 },
    xAxis: { type: 'value', name: 'milliseconds a second of audio', ...besideAxis(28) },
    yAxis: { type: 'category', inverse: true, data: decoders.map(({ decoder }) => decoder) },
    series: stages.map((stage, index) => ({
      type: 'bar' as const,
      name: stage,
      stack: 'stages',
      barMaxWidth: 30,
      itemStyle: { color: shades[index % shades.length]! },
      data: decoders.map(
        ({ timing }) => (1000 * (timing.stageSeconds[stage] ?? 0)) / timing.audioSeconds,
      ),
    })),
  });
}

/** Every set, and all of them together where there are more. */
function setsOf({ scores }: Scored): NamedScores[] {
  const all = scores.corpora.length > 1 ? [{ ...scores.total, name: 'all' }] : [];
  return [...scores.corpora, ...all];
}

function percentOf(count: number, total: number): number {
  return total === 0 ? 0 : (100 * count) / total;
}

function rateAxis(name: string, end: number) {
  return { type: 'value' as const, min: 0, max: end, name: `WER of ${name} (%)` };
}

/** The next value above that an axis can end with: 2 × 10ᵏ, 4 × 10ᵏ … 10 × 10ᵏ. */
function roundedUp(value: number): number {
  const step = 2 * 10 ** Math.floor(Math.log10(value));
  return Math.ceil((1.02 * value) / step) * step;
}

/** An axis's name along it, so far from it. */
function besideAxis(nameGap: number) {
  return { nameLocation: 'middle' as const, nameGap };
}

/** Draws a chart. */
function picture(height: number, option: echarts.EChartsOption, pictureWidth = width): Html {
  return new Html(svgChart({ width: pictureWidth, height }, option));
}
