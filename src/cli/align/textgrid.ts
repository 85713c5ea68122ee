import type { AlignedClip } from './aligned-clip.ts';

/** In whole microseconds, finer than any frame, so that ends and starts meet. */
type Interval = { readonly start: number; readonly end: number; readonly label: string };
type Span = { readonly startSeconds: number; readonly endSeconds: number };

const perSecond = 1e6;

/**
 * An alignment as Praat's TextGrid, in its long text format: a tier of words and, if they are wanted, one
 * of units and one of states. Intervals fill a tier from end to end; those without a word are empty.
 * @throws RangeError where intervals overlap or last no time, of which Praat has none
 */
export function textGrid(clip: AlignedClip, withStates: boolean): string {
  const { startSeconds, durationSeconds } = clip;
  const whole = intervalOf({ startSeconds, endSeconds: startSeconds + durationSeconds }, '');
  const units = clip.words.flatMap((word) => word.units);
  const states = units.flatMap(({ unit, states }) =>
    states.map((state) => intervalOf(state, `${unit} ${state.state}`)),
  );
  const tiers: (readonly [name: string, intervals: readonly Interval[]])[] = [
    ['words', clip.words.map((word) => intervalOf(word, word.word))],
  ];
  if (withStates) {
    tiers.push(['units', units.map((unit) => intervalOf(unit, unit.unit))], ['states', states]);
  }
  return [
    'File type = "ooTextFile"',
    'Object class = "TextGrid"',
    '',
    ...spanLines(whole),
    'tiers? <exists>',
    `size = ${tiers.length}`,
    'item []:',
    ...tiers.flatMap(([name, intervals], index) => [
      `    item [${index + 1}]:`,
      ...indented('        ', tierLines(name, whole, filled(intervals, whole))),
    ]),
    '',
  ].join('\n');
}

function tierLines(name: string, whole: Interval, intervals: readonly Interval[]): string[] {
  return [
    'class = "IntervalTier"',
    `name = ${quoted(name)}`,
    ...spanLines(whole),
    `intervals: size = ${intervals.length}`,
    ...intervals.flatMap((interval, index) => [
      `intervals [${index + 1}]:`,
      ...indented('    ', [...spanLines(interval), `text = ${quoted(interval.label)}`]),
    ]),
  ];
}

/** Puts empty intervals where there are none. */
function filled(intervals: readonly Interval[], whole: Interval): Interval[] {
  const all: Interval[] = [];
  let reached = whole.start;
  const fillUpTo = (time: number): void => {
    if (time > reached) all.push({ start: reached, end: time, label: '' });
  };
  for (const interval of intervals) {
    const { start, end, label } = interval;
    if (start < reached || end <= start || end > whole.end)
      throw new RangeError(
        `[textGrid] expected intervals one after another inside the recording, got ${label} from ${start} to ${end} µs`,
      );
    fillUpTo(start);
    all.push(interval);
    reached = end;
  }
  fillUpTo(whole.end);
  return all;
}

function intervalOf({ startSeconds, endSeconds }: Span, label: string): Interval {
  const start = Math.round(startSeconds * perSecond);
  return { start, end: Math.round(endSeconds * perSecond), label };
}

function spanLines({ start, end }: Interval): string[] {
  return [`xmin = ${start / perSecond}`, `xmax = ${end / perSecond}`];
}

function indented(by: string, lines: readonly string[]): string[] {
  return lines.map((line) => `${by}${line}`);
}

/** A string as Praat writes it: quotation marks inside are doubled. */
function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}
