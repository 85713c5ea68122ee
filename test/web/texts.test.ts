import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { errorTable } from '../../src/errors.ts';
import { english } from '../../web/texts/english.ts';
import { korean } from '../../web/texts/korean.ts';

const placeholders = (text: string): string[] => (text.match(/\{\w+\}/gu) ?? []).sort();

describe('the texts of the page', () => {
  it.each(Object.entries(english))('name the same values in both languages: %s', (name, text) => {
    const translated = korean[name as keyof typeof korean];
    expect(translated.trim()).not.toBe('');
    expect(placeholders(translated)).toEqual(placeholders(text));
  });

  it.each(['index.html', 'learn.html'])(
    'are those that %s names, in English until another language is chosen',
    (document) => {
      const html = readFileSync(new URL(`../../web/${document}`, import.meta.url), 'utf8');
      const named = [...html.matchAll(/data-(?:text|label)="(?<name>\w+)"/gu)];
      expect(named.length).toBeGreaterThan(5);
      for (const { groups } of named) expect(english).toHaveProperty(groups!['name']!);
      const shown = [...html.matchAll(/data-text="(?<name>\w+)"[^>]*>(?<shown>[^<]+)</gu)];
      for (const { groups } of shown)
        expect(groups!['shown']).toBe(english[groups!['name'] as keyof typeof english]);
    },
  );

  it('count no decoders, of which a model has two to four', () => {
    expect(english.tagline).not.toMatch(/\b(?:two|three|four) methods/iu);
    expect(korean.tagline).not.toMatch(/(?:두|세|네) 가지 방법/u);
  });

  it('say what each error that a recording can meet means', () => {
    const elsewhere = [
      'not_found',
      'method_not_allowed',
      'model_not_found',
      'unsupported_media_type',
    ];
    const ofFeatures = ['invalid_features', 'too_many_frames'];
    const unseen = ['client_closed_request', 'unalignable_text', ...elsewhere, ...ofFeatures];
    for (const code of Object.keys(errorTable))
      if (!unseen.includes(code)) expect(english).toHaveProperty(`error_${code}`);
  });
});
