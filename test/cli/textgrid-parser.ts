export type TextGrid = {
  readonly xmin: number;
  readonly xmax: number;
  readonly tiers: readonly {
    readonly name: string;
    readonly xmin: number;
    readonly xmax: number;
    readonly intervals: readonly (readonly [xmin: number, xmax: number, text: string])[];
  }[];
};

/**
 * Reads a TextGrid of interval tiers as Praat does: of the long text format only the free-standing
 * numbers, the strings and the flags count; everything else is a comment. Checks what it counts.
 */
export function parseTextGrid(text: string): TextGrid {
  const values = [...text.matchAll(/"(?:[^"]|"")*"|<\w+>|(?<=^|\s)-?\d+(?:\.\d+)?(?=\s|$)/gmu)].map(
    ([value]) => value,
  );
  const next = (): string => {
    const value = values.shift();
    if (value === undefined) throw new Error('the TextGrid ends early');
    return value;
  };
  const expectValue = (expected: string): void => {
    const value = next();
    if (value !== expected) throw new Error(`expected ${expected}, got ${value}`);
  };
  const number = (): number => {
    const value = next();
    if (!/^[-\d.]+$/u.test(value)) throw new Error(`expected a number, got ${value}`);
    return Number(value);
  };
  const string = (): string => {
    const value = next();
    if (!value.startsWith('"')) throw new Error(`expected a string, got ${value}`);
    return value.slice(1, -1).replaceAll('""', '"');
  };
  const times = <Item>(count: number, item: () => Item): Item[] =>
    Array.from({ length: count }, item);

  expectValue('"ooTextFile"');
  expectValue('"TextGrid"');
  const [xmin, xmax] = [number(), number()];
  expectValue('<exists>');
  const tiers = times(number(), () => {
    expectValue('"IntervalTier"');
    const head = { name: string(), xmin: number(), xmax: number() };
    return { ...head, intervals: times(number(), () => [number(), number(), string()] as const) };
  });
  if (values.length > 0) throw new Error(`expected the end, got ${values[0]}`);
  return { xmin, xmax, tiers };
}
