import { svgChart } from '../training/svg-chart.ts';
import type { Point } from './statistics.ts';

export type Axis = {
  readonly name: string;
  /** By powers of two or of ten. */
  readonly log?: 2 | 10;
  readonly min?: number;
  readonly max?: number;
};

export type Line = {
  readonly name: string;
  readonly points: readonly Point[];
  readonly dashed?: boolean;
  /** Of the palette; by default lines take colours in order. */
  readonly colour?: number;
};

export type Panel = {
  readonly title?: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly lines: readonly Line[];
};

/** Told apart by those who see no red or green too (Okabe & Ito 2008), grey for the yellow. */
const palette = [
  '#0072b2',
  '#d55e00',
  '#009e73',
  '#cc79a7',
  '#56b4e9',
  '#e69f00',
  '#000000',
  '#999999',
];

const width = 760;
const plotHeight = 250;
const margins = { top: 90, panel: 88, left: 80, right: 30 };
/** Lines with more points than this are drawn without a mark for each. */
const mostMarks = 16;

/**
 * Lines over a common title, a panel under the other, as SVG; lines of one name have one entry in the legend.
 * A logarithmic axis leaves out what is not above zero.
 */
export function lineChart(title: string, panels: readonly Panel[]): string {
  const height = margins.top + panels.length * (plotHeight + margins.panel) - margins.panel + 80;
  const tops = panels.map((_, index) => margins.top + 26 + index * (plotHeight + margins.panel));
  const names = [...new Set(panels.flatMap(({ lines }) => lines.map(({ name }) => name)))];
  const svg = svgChart(
    { width, height },
    {
      textStyle: { fontFamily: 'DejaVu Sans, sans-serif' },
      title: [
        { text: title, left: 'center', top: 6, textStyle: { fontSize: 15 } },
        ...panels.map((panel, index) => ({
          text: panel.title ?? '',
          left: margins.left,
          top: tops[index]! - 24,
          textStyle: { fontSize: 12, fontWeight: 'normal' as const },
        })),
      ],
      legend: {
        top: 30,
        left: 'center',
        data: names,
        itemWidth: 18,
        itemGap: 24,
        textStyle: { fontSize: 11 },
      },
      grid: tops.map((top) => ({
        top,
        height: plotHeight,
        left: margins.left,
        right: margins.right,
      })),
      xAxis: panels.map(({ x }, gridIndex) => ({ ...axis(x, 30), gridIndex })),
      yAxis: panels.map(({ y }, gridIndex) => ({ ...axis(y, 56), gridIndex })),
      series: panels.flatMap(({ x, y, lines }, panel) =>
        lines.map((line) => {
          const color = palette[(line.colour ?? names.indexOf(line.name)) % palette.length]!;
          const points = line.points.filter(
            ([a, b]) => (x.log === undefined || a > 0) && (y.log === undefined || b > 0),
          );
          return {
            type: 'line' as const,
            name: line.name,
            xAxisIndex: panel,
            yAxisIndex: panel,
            symbol: 'circle',
            symbolSize: 6,
            showSymbol: points.length <= mostMarks,
            itemStyle: { color },
            lineStyle: {
              color,
              width: 2,
              type: line.dashed ? ('dashed' as const) : ('solid' as const),
            },
            data: points.map(([a, b]) => [shortened(a), shortened(b)]),
          };
        }),
      ),
    },
  );
  return withoutInteraction(svg);
}

function axis({ name, log, min, max }: Axis, nameGap: number) {
  return {
    ...(log === undefined ? { type: 'value' as const } : { type: 'log' as const, logBase: log }),
    name,
    nameLocation: 'middle' as const,
    nameGap,
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    ...(log !== undefined && { axisLabel: { formatter: logLabel } }),
  };
}

/**
 * Without the styles of hovering, and with names of clips that do not count the charts drawn before: the same
 * chart is the same text.
 */
function withoutInteraction(svg: string): string {
  return svg
    .replace(/<style >.*?<\/style>\n?/su, '')
    .replaceAll(/ class="zr[^"]*"/gu, '')
    .replaceAll(/\bzr\d+-c(\d+)/gu, 'clip$1');
}

/** 0.00001 as 10⁻⁵: where there would be many zeros. */
function logLabel(value: number): string {
  const exponent = Math.round(Math.log10(value));
  if (Math.abs(exponent) < 4) return String(Number(value.toPrecision(3)));
  const digits = '⁰¹²³⁴⁵⁶⁷⁸⁹';
  const raised = [...String(Math.abs(exponent))].map((digit) => digits[Number(digit)]).join('');
  return `10${exponent < 0 ? '⁻' : ''}${raised}`;
}

/** Four digits are finer than a pixel. */
function shortened(value: number): number {
  return Number(value.toPrecision(4));
}
