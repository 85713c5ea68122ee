import * as echarts from 'echarts';

/** A chart as an SVG picture that holds still. ECharts escapes the texts in it. */
export function svgChart(
  size: { readonly width: number; readonly height: number },
  option: echarts.EChartsOption,
): string {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, ...size });
  chart.setOption({ animation: false, ...option });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}
