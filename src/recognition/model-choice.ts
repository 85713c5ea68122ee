import type { AlignerName } from '../decoding/aligner.ts';
import type { DecoderName } from '../decoding/decoder.ts';
import { SoriError } from '../errors.ts';
import type { ModelManifest } from './model-manifest.ts';
import {
  alignersOf,
  decodersOf,
  type FeatureKind,
  featureKinds,
  type PassName,
  passesOf,
} from './passes.ts';

/** What a request may ask that not every model has. */
export type ModelWishes = {
  readonly model?: string | undefined;
  readonly language?: string | undefined;
  readonly decoder?: DecoderName | undefined;
  readonly decoders?: readonly DecoderName[] | undefined;
  readonly method?: AlignerName | undefined;
  readonly features_for?: FeatureKind | undefined;
  readonly acoustic_model?: PassName | undefined;
};

/**
 * The model that a request means: the one it names, else the default, else the only one.
 * @throws SoriError model_not_found for an unknown name; invalid_request where a name is needed, or for
 *   what the model does not have: a language, a decoder, a way to align, features
 */
export function chooseModel<
  Model extends { readonly name: string; readonly manifest: ModelManifest },
>(models: readonly Model[], defaultModel: string | undefined, request: ModelWishes): Model {
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
  checkParts(model.manifest, request);
  return model;
}

function checkParts(manifest: ModelManifest, request: ModelWishes): void {
  const { decoder, decoders, method, features_for, acoustic_model } = request;
  const refuse = (param: string, expected: readonly string[], got: string) => {
    const message = `${param}: model ${manifest.name} has ${expected.join(', ')}, got ${got}`;
    throw new SoriError('invalid_request', message, { param });
  };
  const known = decodersOf(manifest);
  if (decoder !== undefined && !known.includes(decoder)) refuse('decoder', known, decoder);
  const unknown = decoders?.find((name) => !known.includes(name));
  if (unknown !== undefined) refuse('decoders', known, unknown);
  const passes = passesOf(manifest);
  if (features_for !== undefined && !passes.includes(features_for))
    refuse(
      'features_for',
      featureKinds.filter((kind) => passes.includes(kind)),
      features_for,
    );
  if (acoustic_model !== undefined && !passes.includes(acoustic_model))
    refuse('acoustic_model', passes, acoustic_model);
  const aligners = alignersOf(manifest);
  if (method !== undefined && !aligners.includes(method)) refuse('method', aligners, method);
}
