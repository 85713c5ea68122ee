import { describe, expect, it } from 'vitest';
import { chooseModel } from '../../src/recognition/model-choice.ts';
import type { ModelManifest } from '../../src/recognition/model-manifest.ts';

describe('chooseModel', () => {
  const model = (name: string, language: string) => ({
    name,
    manifest: { language } as ModelManifest,
  });
  const english = model('digits-en', 'en');
  const korean = model('digits-ko', 'ko');
  const both = [english, korean];

  it('takes the model that is named, before any default', () => {
    expect(chooseModel(both, 'digits-en', { model: 'digits-ko' })).toBe(korean);
  });

  it('takes the default where none is named, and the only one where there is no default', () => {
    expect(chooseModel(both, 'digits-ko', {})).toBe(korean);
    expect(chooseModel([english], undefined, {})).toBe(english);
  });

  it('refuses to choose among several', () => {
    expect(() => chooseModel(both, undefined, {})).toThrow(
      'missing field model: expected one of digits-en, digits-ko',
    );
  });

  it('refuses a name that is none', () => {
    expect(() => chooseModel([english], undefined, { model: 'tiny' })).toThrow(
      'expected one of the models digits-en, got "tiny"',
    );
  });

  it('refuses a language that the model does not know, in any case of letters', () => {
    expect(chooseModel([english], undefined, { language: 'EN' })).toBe(english);
    expect(() => chooseModel([english], undefined, { language: 'ko' })).toThrow(
      'model digits-en knows language "en", got "ko"',
    );
  });
});
