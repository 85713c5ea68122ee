import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { modulesOf, readPart } from './modules.ts';

/** Something that the page consists of, ready to be sent. */
export type Part = {
  readonly contentType: string;
  readonly bytes: Buffer;
  /** The same by gzip, where that is smaller. */
  readonly compressed: Buffer | undefined;
  /** Changes with the bytes. */
  readonly etag: string;
};

/** Where parts are: this and their paths from the repository's top. */
export const partsPrefix = '/page/';

/** The pages by their URLs: the document, the module that it begins with, and what else it may load. */
const pages = [
  { url: '/', document: 'web/index.html', entry: 'web/main.ts' },
  { url: '/learn', document: 'web/learn.html', entry: 'web/learn.ts' },
] as const;

/** What no module names by an import. */
const assets: readonly (readonly [path: string, contentType: string])[] = [
  ['web/style.css', 'text/css; charset=utf-8'],
  ['web/icon.svg', 'image/svg+xml'],
  ['web/examples/three-digits.opus', 'audio/ogg'],
  ['web/examples/british-digits.opus', 'audio/ogg'],
  ['web/examples/repeated-digits.wav', 'audio/wav'],
];

/** Modules that scripts load by their URL. */
const loadedModules = ['web/record/capture-worklet.ts'] as const;

const scriptType = 'text/javascript; charset=utf-8';
const preloadsPlace = '<!-- preloads -->';

/** Everything that the page consists of, by URL. */
export function pageParts(): Map<string, Part> {
  const parts = new Map<string, Part>();
  const addModules = (entry: string): string[] =>
    [...modulesOf(entry)].map(([path, script]) => {
      parts.set(partsPrefix + path, part(scriptType, Buffer.from(script)));
      return partsPrefix + path;
    });
  for (const { url, document, entry } of pages) {
    const preloads = addModules(entry).map((at) => `<link rel="modulepreload" href="${at}">`);
    const html = readPart(document).toString('utf8').replace(preloadsPlace, preloads.join(''));
    parts.set(url, part('text/html; charset=utf-8', Buffer.from(html)));
  }
  for (const entry of loadedModules) addModules(entry);
  for (const [path, type] of assets) parts.set(partsPrefix + path, part(type, readPart(path)));
  return parts;
}

function part(contentType: string, bytes: Buffer): Part {
  const compressed = gzipSync(bytes, { level: 9 });
  return {
    contentType,
    bytes,
    compressed: compressed.length < bytes.length ? compressed : undefined,
    etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`,
  };
}
