import { beforeAll, describe, expect, it } from 'vitest';
import { dashboard, dashboardQueries, readYaml, rules, shownMetrics } from './files.ts';

/** The metrics that a query names. Those of Sori, of its process and of Node are all that are meant. */
function metricsIn(query: string): string[] {
  const names = query.matchAll(/(?<![\w:"])(?:sori|process|nodejs)[\w:]*|\bup\b/g);
  return [...new Set([...names].map(([name]) => name))];
}

describe('the queries of rules and dashboard', () => {
  const recorded = rules().flatMap(({ record }) => record ?? []);
  let known: Set<string>;
  let shown: Map<string, string>;

  beforeAll(async () => {
    shown = await shownMetrics();
    const parts = (name: string, type: string) =>
      type === 'histogram' ? ['_bucket', '_sum', '_count'].map((part) => name + part) : [name];
    known = new Set([
      'up',
      ...recorded,
      ...[...shown].flatMap(([name, type]) => parts(name, type)),
    ]);
  });

  it.each(rules().map((rule) => [rule.record ?? rule.alert!, rule.expr]))(
    '%s names only what /metrics has, or what is recorded',
    (_, query) => {
      expect(metricsIn(query).length).toBeGreaterThan(0);
      for (const name of metricsIn(query)) expect(known, query).toContain(name);
    },
  );

  it.each(dashboard().panels.map(({ title, targets }) => [title, targets] as const))(
    'the panel “%s” names only what /metrics has, or what is recorded',
    (_, targets) => {
      for (const { expr } of targets) {
        expect(metricsIn(expr).length).toBeGreaterThan(0);
        for (const name of metricsIn(expr)) expect(known, expr).toContain(name);
      }
    },
  );

  it('finds each instance by a figure that /metrics has', () => {
    for (const { query } of dashboard().templating.list)
      for (const name of metricsIn(query.query)) expect(known).toContain(name);
  });

  it('shows every figure of Sori’s on the dashboard', () => {
    const named = new Set(dashboardQueries().flatMap(metricsIn));
    const missing = [...shown.keys()]
      .filter((name) => name.startsWith('sori_'))
      .filter((name) => ![...named].some((used) => used === name || used === `${name}_bucket`));
    expect(missing).toEqual([]);
  });

  it('scales by a figure that /metrics has and that the adapter hands on', () => {
    const { metrics } = readYaml('docker/kubernetes/autoscaler.yaml').spec;
    const names = metrics.map(
      ({ pods }: { pods: { metric: { name: string } } }) => pods.metric.name,
    );
    expect(names).toEqual(['sori_queue_length']);
    expect(shown.get('sori_queue_length')).toBe('gauge');
    const [rule] = readYaml('docker/kubernetes/prometheus-adapter-values.yaml').rules.custom;
    expect(rule.name.as).toBe('sori_queue_length');
    expect(metricsIn(rule.seriesQuery)).toEqual(['sori_queue_length']);
  });
});

describe('the dashboard', () => {
  it('asks the data source that is provisioned, in panels that fit beside one another', () => {
    const [{ uid }] = readYaml(
      'docker/grafana/provisioning/datasources/prometheus.yaml',
    ).datasources;
    for (const { datasource, gridPos, targets } of dashboard().panels) {
      expect([datasource, ...targets.map((target) => target.datasource)]).toEqual(
        Array(1 + targets.length).fill({ type: 'prometheus', uid }),
      );
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
    }
  });
});
