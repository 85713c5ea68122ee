import { confidenceBins, confidenceReport, type JudgedWord } from '../../evaluation/confidence.ts';
import { svgChart } from '../../training/svg-chart.ts';
import type { ConfidenceOutcome } from './measure-confidence.ts';

const panel = { width: 400, height: 330 };
const colours = { before: '#e08a1e', after: '#1f5a99' } as const;

/**
 * Reliability diagrams (Guo et al. 2017, figure 1) as an SVG picture: of the words and the texts of each
 * confidence, how many were right; on the diagonal confidences mean what they say. A larger dot stands for
 * more words.
 */
export function reliabilityPlot(title: string, outcomes: readonly ConfidenceOutcome[]): string {
  const columns = 2;
  const rows = Math.ceil(outcomes.length / columns);
  const width = columns * panel.width;
  const height = rows * panel.height + 70;
  const places = outcomes.map((_, index) => ({
    left: (index % columns) * panel.width + 60,
    top: Math.floor(index / columns) * panel.height + 80,
    width: panel.width - 90,
    height: panel.height - 90,
  }));
  const axis = { type: 'value' as const, min: 0, max: 1, nameLocation: 'middle' as const };
  return svgChart(
    { width, height },
    {
      title: [
        { text: title, left: 'center' },
        ...outcomes.map(({ decoder, of }, index) => ({
          text: `${decoder}, ${of}`,
          left: places[index]!.left,
          top: places[index]!.top - 24,
          textStyle: { fontSize: 13, fontWeight: 'normal' as const },
        })),
      ],
      legend: { top: 36, data: ['as decoded', 'calibrated on other speakers'] },
      grid: places,
      xAxis: outcomes.map((_, gridIndex) => ({
        ...{ ...axis, gridIndex, name: 'confidence', nameGap: 25 },
      })),
      yAxis: outcomes.map((_, gridIndex) => ({
        ...{ ...axis, gridIndex, name: 'share right', nameGap: 35 },
      })),
      series: outcomes.flatMap(({ before, after }, index) => [
        diagonal(index),
        dots('as decoded', before, colours.before, index),
        dots('calibrated on other speakers', after, colours.after, index),
      ]),
    },
  );
}

function diagonal(index: number) {
  return {
    type: 'line' as const,
    xAxisIndex: index,
    yAxisIndex: index,
    silent: true,
    symbol: 'none',
    lineStyle: { color: '#999', type: 'dashed' as const, width: 1 },
    data: [
      [0, 0],
      [1, 1],
    ],
  };
}

/** A dot for every bin that has words. */
function dots(name: string, judged: readonly JudgedWord[], color: string, index: number) {
  const { right, wrong } = confidenceReport(judged);
  return {
    type: 'scatter' as const,
    name,
    xAxisIndex: index,
    yAxisIndex: index,
    itemStyle: { color, opacity: 0.75 },
    data: right.flatMap((hits, bin) => {
      const count = hits + wrong[bin]!;
      if (count === 0) return [];
      const value = [(bin + 0.5) / confidenceBins, hits / count];
      return [{ value, symbolSize: 4 + 3 * Math.log2(count) }];
    }),
  };
}
