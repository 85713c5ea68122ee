import { text } from '../language.ts';
import { loudnessColour } from './colours.ts';
import type { LogMel } from './insight.ts';
import { type Band, type Brush, writeNothing } from './lane.ts';

/** The lowest and highest sample behind each pixel. */
export function drawWaveform(brush: Brush, band: Band): void {
  const { context, colours, window, insight } = brush;
  if (insight.audio === undefined) {
    writeNothing(brush, band, text('notDecoded'));
    return;
  }
  const { samples, sampleRateHz } = insight.audio;
  const middle = band.top + band.height / 2;
  const scale = (band.height / 2 - 2) / Math.max(0.01, largest(samples));
  context.fillStyle = colours.accent;
  for (let x = 0; x < window.width; x++) {
    const from = Math.floor(window.secondsAt(window.left + x) * sampleRateHz);
    const to = Math.ceil(window.secondsAt(window.left + x + 1) * sampleRateHz);
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let n = from; n < to && n < samples.length; n++) {
      low = Math.min(low, samples[n]!);
      high = Math.max(high, samples[n]!);
    }
    if (low > high) continue;
    const top = middle - high * scale;
    context.fillRect(window.left + x, top, 1, Math.max(1, (high - low) * scale));
  }
}

function largest(samples: Float32Array): number {
  let most = 0;
  for (const sample of samples) most = Math.max(most, Math.abs(sample));
  return most;
}

/** Log-mel energies range over so many nats from the loudest to what is shown as silence. */
const shownNats = 12;

const images = new WeakMap<LogMel, HTMLCanvasElement>();

/** A pixel a frame and band, low bands at the bottom; drawn once and stretched from then on. */
function imageOf(logMel: LogMel): HTMLCanvasElement {
  const known = images.get(logMel);
  if (known !== undefined) return known;
  const { frames, dims, values } = logMel;
  const canvas = document.createElement('canvas');
  canvas.width = frames;
  canvas.height = dims;
  const pixels = new ImageData(frames, dims);
  const loudest = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  for (let t = 0; t < frames; t++) {
    for (let d = 0; d < dims; d++) {
      const share = 1 + (values[t * dims + d]! - loudest) / shownNats;
      pixels.data.set([...loudnessColour(share), 255], 4 * ((dims - 1 - d) * frames + t));
    }
  }
  canvas.getContext('2d')!.putImageData(pixels, 0, 0);
  images.set(logMel, canvas);
  return canvas;
}

/** The log-mel spectrogram. */
export function drawSpectrogram(brush: Brush, band: Band): void {
  const { context, window, insight } = brush;
  const { logMel } = insight;
  if (logMel === undefined || logMel.frames === 0) {
    writeNothing(brush, band, text('notDecoded'));
    return;
  }
  const left = window.xOf(0);
  const right = window.xOf(logMel.frames * logMel.frameShiftSeconds);
  context.imageSmoothingEnabled = false;
  context.drawImage(imageOf(logMel), left, band.top, right - left, band.height);
}
