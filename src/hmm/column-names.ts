import type { HmmDefinition } from './definition.ts';

/**
 * What the columns of the emission matrix are, by unit and state as alignments number them: `seven/3`. A column
 * that states share has the name of the first; one that no state reads has an empty one.
 */
export function columnNames({ emissions, units }: HmmDefinition): string[] {
  const names = Array.from({ length: emissions }, () => '');
  for (const [unit, { emissions: columns }] of Object.entries(units))
    for (const [state, column] of columns.entries()) names[column] ||= `${unit}/${state}`;
  return names;
}
