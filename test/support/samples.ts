import parse from 'parse-prometheus-text-format';

/** One line of Prometheus' text format. */
export type Sample = {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
};

/**
 * Every sample of a text, as a parser of Prometheus' format reads it. It reads them without the lines that
 * give their types: by them it would put histograms together whatever their labels.
 * @throws if a line is not of the format
 */
export function samplesOf(text: string): Sample[] {
  const untyped = text.replaceAll(/^# .*\n/gm, '');
  return parse(untyped).flatMap(({ name, metrics }) =>
    metrics.map(({ labels = {}, value }) => ({ name, labels, value: Number(value) })),
  );
}

/** The type of each metric by its name, and what its text says of it. */
export function metricsOf(text: string): Map<string, { type: string; help: string }> {
  return new Map(
    parse(text).map(({ name, type, help }) => [name, { type: type.toLowerCase(), help }]),
  );
}

/** The sum of all samples of a name that have these labels, among others; 0 where there are none. */
export function sumOf(samples: readonly Sample[], name: string, labels: Sample['labels']): number {
  const fits = (sample: Sample) =>
    sample.name === name &&
    Object.entries(labels).every(([key, value]) => sample.labels[key] === value);
  return samples.filter(fits).reduce((sum, { value }) => sum + value, 0);
}
