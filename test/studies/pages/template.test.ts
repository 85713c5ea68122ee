import { describe, expect, it } from 'vitest';
import { fillTemplate } from '../../../src/studies/pages/template.ts';

const data = {
  name: 'rtrl',
  frames: 12_345,
  share: 0.98765,
  tiny: 2.25e-16,
  rows: [
    { width: 8, cells: [{ label: 'a' }, { label: 'b' }] },
    { width: 16, cells: [{ label: 'c' }] },
  ],
  texts: ['one', 'two'],
  nothing: null,
};

describe('fillTemplate', () => {
  it.each([
    ['a text and a whole number as they are', '{{name}}: {{ frames }}', 'rtrl: 12345'],
    ['decimals', '{{share | fixed 2}}', '0.99'],
    [
      'significant digits without zeros behind',
      '{{share | digits 3}} {{frames | digits 2}}',
      '0.988 12000',
    ],
    ['powers of ten', '{{tiny | power 1}}', '2.3e-16'],
    ['percent', '{{share | percent 1}}', '98.8 %'],
    ['thousands', '{{frames | count}}', '12 345'],
    ['a multiple', '{{tiny | times 1e16 | fixed 2}}', '2.25'],
    ['a dash where there is nothing to format', '{{nothing | fixed 2}}', '–'],
    ['what lies deeper', '{{rows.1.width}} {{rows.0.cells.1.label}}', '16 b'],
    ['items of a list within a line', 'a {{#each texts}}<{{.}}>{{/each}}\nb', 'a <one><two>\nb'],
    ['items of a list', '{{#each texts}}<{{.}}>{{/each}}', '<one><two>'],
    [
      'lists inside lists, with what is outside of them',
      '{{#each rows}}\n{{width}} {{name}}:{{#each cells}} {{label}}{{/each}};\n{{/each}}\nend',
      '8 rtrl: a b;\n16 rtrl: c;\nend',
    ],
  ])('writes %s', (_, template, expected) => {
    expect(fillTemplate(template, data)).toBe(expected);
  });

  it.each([
    ['a path that leads nowhere', '{{rows.2.width}}', 'something at rows.2.width'],
    ['a fraction without a format', '{{share}}', 'or a format, got 0.98765'],
    ['nothing at all', '{{nothing}}', 'got null'],
    ['a text in a format of numbers', '{{name | fixed 1}}', 'a number for name | fixed 1'],
    ['an unknown format', '{{share | rounded}}', 'a format in share | rounded'],
    ['a loop over what is no list', '{{#each name}}x{{/each}}', 'a list at name'],
    ['a loop without an end', '{{#each rows}}x', '{{/each}} after {{#each rows}}'],
  ])('refuses %s', (_, template, message) => {
    expect(() => fillTemplate(template, data)).toThrow(RangeError);
    expect(() => fillTemplate(template, data)).toThrow(message);
  });
});
