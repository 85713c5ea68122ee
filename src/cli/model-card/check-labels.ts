import { hasSameLabels } from '../../alphabet/definition.ts';
import type { ModelFolder } from '../../recognition/model-folder.ts';
import type { TrainingConfiguration } from '../../training/configuration.ts';
import { UsageError } from '../failures.ts';

/** @throws UsageError where a training configuration is not that of the model */
export function checkLabels(configuration: TrainingConfiguration, { manifest }: ModelFolder): void {
  const { labels } = configuration.alphabet;
  if (!hasSameLabels(configuration.alphabet, manifest.alphabet))
    throw new UsageError(
      `the training configuration is not of this model: it has the labels ${labels.join(' ')}`,
    );
}
