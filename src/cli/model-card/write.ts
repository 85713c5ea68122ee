import { join } from 'node:path';
import type { ModelManifest } from '../../recognition/model-manifest.ts';
import { writeWhole } from '../../training/write-whole.ts';
import { renderModelCard } from './render.ts';

/** Writes the model card beside `model.json`, for people: `README.md`. */
export function writeReadme(folder: string, manifest: ModelManifest): Promise<void> {
  return writeWhole(join(folder, 'README.md'), renderModelCard(manifest));
}
