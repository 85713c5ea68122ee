export const windowNames = ['povey', 'hamming', 'hann', 'blackman', 'rectangular'] as const;
export type WindowName = (typeof windowNames)[number];

/**
 * The taper of an analysis frame, symmetric, `length` values (Kaldi, feature-window.cc,
 * FeatureWindowFunction). With a = 2π n / (length − 1):
 *
 * hann = 0.5 − 0.5 cos a, povey = hann^0.85, hamming = 0.54 − 0.46 cos a,
 * blackman = 0.42 − 0.5 cos a + 0.08 cos 2a, rectangular = 1.
 */
export function frameWindow(name: WindowName, length: number): Float64Array {
  return Float64Array.from({ length }, (_, n) => {
    const a = (2 * Math.PI * n) / (length - 1);
    switch (name) {
      case 'povey':
        return (0.5 - 0.5 * Math.cos(a)) ** 0.85;
      case 'hann':
        return 0.5 - 0.5 * Math.cos(a);
      case 'hamming':
        return 0.54 - 0.46 * Math.cos(a);
      case 'blackman':
        return 0.42 - 0.5 * Math.cos(a) + 0.08 * Math.cos(2 * a);
      case 'rectangular':
        return 1;
    }
  });
}
