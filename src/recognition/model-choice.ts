import { SoriError } from '../errors.ts';
import type { ModelManifest } from './model-manifest.ts';

/**
 * The model that a request means: the one it names, else the default, else the only one.
 * @throws SoriError model_not_found for an unknown name; invalid_request where a name is needed, or for
 *   a language that the model does not know
 */
export function chooseModel<
  Model extends { readonly name: string; readonly manifest: ModelManifest },
>(
  models: readonly Model[],
  defaultModel: string | undefined,
  request: { readonly model?: string | undefined; readonly language?: string | undefined },
): Model {
  const names = models.map(({ name }) => name).join(', ');
  const only = models.length === 1 ? models[0]!.name : undefined;
  const wanted = request.model ?? defaultModel ?? only;
  if (wanted === undefined)
    throw new SoriError('invalid_request', `missing field model: expected one of ${names}`, {
      param: 'model',
    });
  const model = models.find(({ name }) => name === wanted);
  if (model === undefined)
    throw new SoriError(
      'model_not_found',
      `expected one of the models ${names}, got ${JSON.stringify(wanted.slice(0, 64))}`,
      { param: 'model' },
    );
  const { language } = model.manifest;
  if (request.language !== undefined && request.language.toLowerCase() !== language)
    throw new SoriError(
      'invalid_request',
      `model ${model.name} knows language "${language}", got ${JSON.stringify(request.language.slice(0, 64))}`,
      { param: 'language' },
    );
  return model;
}
