import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { parseAllDocuments } from 'yaml';
import { ServiceMetrics } from '../../src/plugins/service-metrics.ts';
import { metricsOf } from '../support/samples.ts';

export const top = fileURLToPath(new URL('../..', import.meta.url));

export function readText(path: string): string {
  return readFileSync(join(top, path), 'utf8');
}

/** The one document of a YAML file. What is read of it is what the tests are about. */
// biome-ignore lint/suspicious/noExplicitAny: its shape is what the tests look at
export function readYaml(path: string): any {
  const documents = parseAllDocuments(readText(path));
  const [document] = documents;
  if (documents.length !== 1 || document === undefined)
    throw new Error(`${path}: expected one document, got ${documents.length}`);
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) throw problem;
  return document.toJS();
}

/** The settings of the service with their defaults, as .env.example shows them. */
export function settings(): Record<string, string> {
  return parseEnv(readText('.env.example').replaceAll(/^# ?(\w+=)/gm, '$1')) as Record<
    string,
    string
  >;
}

/** The words of every line of the Dockerfile with an instruction, continued lines in one. */
export function instructions(name: string): string[][] {
  return readText('Dockerfile')
    .replaceAll(/^\s*#.*\n/gm, '')
    .replaceAll('\\\n', ' ')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([word]) => word === name)
    .map(([, ...rest]) => rest);
}

/** What `GET /metrics` has: each figure's type by its name. */
export async function shownMetrics(): Promise<Map<string, string>> {
  const idle = { queued: 0, queueLimit: 0, workers: 0, loadedWorkers: 0, busyWorkers: 0 };
  const metrics = new ServiceMetrics(() => ({ ready: true, ...idle }));
  const types = metricsOf(await metrics.text());
  return new Map([...types].map(([name, { type }]) => [name, type]));
}

/** A dashboard's panels and its variables' queries. */
export function dashboard() {
  return JSON.parse(readText('docker/grafana/dashboards/sori.json')) as {
    readonly templating: { readonly list: { readonly query: { readonly query: string } }[] };
    readonly panels: {
      readonly title: string;
      readonly datasource: { readonly uid: string };
      readonly gridPos: { readonly x: number; readonly w: number };
      readonly targets: { readonly expr: string; readonly datasource: { readonly uid: string } }[];
    }[];
  };
}

/** Every query of the dashboard, with Grafana's variables replaced by what they stand for. */
export function dashboardQueries(): string[] {
  return dashboard()
    .panels.flatMap(({ targets }) => targets.map(({ expr }) => expr))
    .map((query) => query.replaceAll('$__rate_interval', '1m').replaceAll('$instance', '.*'));
}

export type Rule = {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly labels?: { readonly severity: string };
};

export function rules(): Rule[] {
  const { groups } = readYaml('docker/prometheus/rules.yaml') as { groups: { rules: Rule[] }[] };
  return groups.flatMap((group) => group.rules);
}
