const names = ['card', 'ink', 'quiet', 'line', 'accent', 'shade', 'differs'] as const;
const curves = ['curve-0', 'curve-1', 'curve-2', 'curve-3', 'curve-4', 'curve-5'] as const;

export type Colours = Readonly<Record<(typeof names)[number], string>> & {
  readonly curves: readonly string[];
  readonly isDark: boolean;
};

/** The style sheet's colours in the theme of now, as a canvas wants them. */
export function coloursNow(): Colours {
  const probe = document.createElement('span');
  probe.hidden = true;
  document.body.append(probe);
  const resolve = (name: string): string => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const named = Object.fromEntries(names.map((name) => [name, resolve(name)]));
  const colours = {
    ...(named as Record<(typeof names)[number], string>),
    curves: curves.map(resolve),
    isDark: matchMedia('(prefers-color-scheme: dark)').matches,
  };
  probe.remove();
  return colours;
}

/** From quiet to loud, even in lightness, after viridis' idea: dark blue, green, yellow. */
const loudness: readonly (readonly [number, number, number])[] = [
  [28, 16, 68],
  [49, 73, 138],
  [33, 130, 140],
  [76, 188, 112],
  [246, 227, 70],
];

/** Red, green and blue of a share in [0, 1] of the loudest. */
export function loudnessColour(share: number): readonly [number, number, number] {
  const place = Math.min(1, Math.max(0, share)) * (loudness.length - 1);
  const below = Math.min(loudness.length - 2, Math.floor(place));
  const [from, to] = [loudness[below]!, loudness[below + 1]!];
  const mixed = (channel: 0 | 1 | 2) =>
    from[channel] + (place - below) * (to[channel] - from[channel]);
  return [mixed(0), mixed(1), mixed(2)];
}
