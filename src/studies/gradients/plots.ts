import { lineChart, type Panel } from '../chart.ts';
import type { GradientsFindings } from './findings.ts';

const framesBack = { name: 'frames back, k' };
const norm = { name: 'norm, as a share of that at k = 0', log: 10 } as const;
/** Where curves leave the picture. */
const [lowest, highest] = [1e-12, 1e6];

export function gradientsPlots(findings: GradientsFindings): Record<string, string> {
  const { atStart, throughTraining, clipping } = findings;
  const points = (norms: readonly number[]) =>
    norms
      .map((share, k) => [k, share] as const)
      .filter(([, share]) => share >= lowest && share <= highest);
  const rates = [...new Set(clipping.runs.map(({ learningRate }) => learningRate))];
  const lstms = atStart.networks.filter(({ byMemory }) => byMemory.length > 0);
  return {
    start: lineChart('The gradient on its way back, before training', [
      {
        title: '‖∂L_t/∂h_{t−k}‖',
        x: framesBack,
        y: norm,
        lines: atStart.networks.map(({ name, byOutput, byMemory }) => ({
          name,
          dashed: byMemory.length > 0,
          points: points(byOutput),
        })),
      },
      {
        title: '‖∂L_t/∂c_{t−k}‖',
        x: framesBack,
        y: norm,
        lines: lstms.map(({ name, byMemory }) => ({
          name,
          dashed: true,
          points: points(byMemory),
        })),
      },
    ]),
    training: lineChart(
      `The gradient on its way back, while learning to recall after ${throughTraining.lag} frames`,
      throughTraining.networks.map(
        ({ name, snapshots }): Panel => ({
          title: `${name}: ‖∂L_t/∂h_{t−k}‖`,
          x: framesBack,
          y: norm,
          lines: snapshots.map(({ step, byOutput }) => ({
            name: `step ${step}`,
            points: points(byOutput),
          })),
        }),
      ),
    ),
    clipping: lineChart(
      `RNN with weights × ${clipping.gain}, recall after ${clipping.lag} frames, gradient descent`,
      [
        {
          x: { name: 'step' },
          y: { name: 'loss (nats)', log: 10 } as const,
          lines: clipping.runs.map(({ learningRate, clipNorm, curve }) => ({
            name: `rate ${learningRate}${clipNorm === null ? '' : `, clipped to ${clipNorm}`}`,
            colour: rates.indexOf(learningRate),
            dashed: clipNorm !== null,
            points: curve,
          })),
        },
      ],
    ),
  };
}
