declare module 'parse-prometheus-text-format' {
  type Metric = {
    readonly value: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  /** @throws on a line that is not of Prometheus' text format */
  export default function parse(text: string): readonly {
    readonly name: string;
    readonly help: string;
    readonly type: 'COUNTER' | 'GAUGE' | 'HISTOGRAM' | 'SUMMARY' | 'UNTYPED';
    readonly metrics: readonly Metric[];
  }[];
}
