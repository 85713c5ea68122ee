import type { Metrics } from './metrics-log.ts';
import { svgChart } from './svg-chart.ts';

const width = 900;
const height = 640;

/** A run's learning curve as an SVG picture: loss above, the dev sets' scores below, by step. */
export function learningCurveSvg(title: string, metrics: readonly Metrics[]): string {
  const training = metrics.filter((entry) => entry.kind === 'training');
  const evaluations = metrics.filter((entry) => entry.kind === 'evaluation');
  const setNames = Object.keys(evaluations[0]?.sets ?? {});
  return svgChart(
    { width, height },
    {
      title: { text: title, left: 'center' },
      legend: { data: setNames, top: 330 },
      grid: [
        { top: 50, height: 240, left: 70, right: 30 },
        { top: 370, height: 220, left: 70, right: 30 },
      ],
      xAxis: [
        { type: 'value', gridIndex: 0 },
        { type: 'value', gridIndex: 1, name: 'step', nameLocation: 'middle', nameGap: 28 },
      ],
      yAxis: [
        {
          type: 'log',
          gridIndex: 0,
          name: 'CTC loss (nats a sequence)',
          nameLocation: 'middle',
          nameGap: 45,
        },
        { type: 'log', gridIndex: 1, name: 'dev score', nameLocation: 'middle', nameGap: 45 },
      ],
      series: [
        {
          type: 'line',
          name: 'loss',
          showSymbol: false,
          data: training.map(({ step, loss }) => [step, loss]),
        },
        ...setNames.map((name) => ({
          type: 'line' as const,
          name,
          xAxisIndex: 1,
          yAxisIndex: 1,
          showSymbol: false,
          // A logarithmic axis has no zero: a set without errors stands at the bottom.
          data: evaluations.map(({ step, sets }) => [
            step,
            Math.max(1e-3, sets[name] ?? Number.NaN),
          ]),
        })),
      ],
    },
  );
}
