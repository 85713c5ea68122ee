import { InvalidArgumentError } from 'commander';

/** A parser for an option that takes a whole number in [low, high], in decimal digits. */
export function wholeNumber(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/u.test(text) || value < low || value > high)
      throw new InvalidArgumentError(`expected a whole number from ${low} to ${high}`);
    return value;
  };
}

/** A parser for an option that may be repeated. */
export function collect(value: string, earlier: readonly string[] | undefined): string[] {
  return [...(earlier ?? []), value];
}

/** A parser for names parted by commas. */
export function namesBetweenCommas(text: string): string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.includes('')) throw new InvalidArgumentError('expected names parted by commas');
  return names;
}
