/** What the lanes draw on: as much of a canvas as they use. */
export type Surface = Pick<
  CanvasRenderingContext2D,
  | 'fillStyle'
  | 'strokeStyle'
  | 'lineWidth'
  | 'globalAlpha'
  | 'font'
  | 'textAlign'
  | 'textBaseline'
  | 'imageSmoothingEnabled'
  | 'setLineDash'
  | 'measureText'
  | 'fillRect'
  | 'strokeRect'
  | 'fillText'
  | 'beginPath'
  | 'lineTo'
  | 'rect'
  | 'fill'
  | 'stroke'
  | 'save'
  | 'clip'
  | 'restore'
> & {
  drawImage(image: HTMLCanvasElement, x: number, y: number, width: number, height: number): void;
};

const anchors = { left: 'start', start: 'start', center: 'middle', right: 'end', end: 'end' };
const baselines: Readonly<Record<string, string>> = {
  top: 'text-before-edge',
  middle: 'central',
  bottom: 'text-after-edge',
};

/** Writes down as SVG what a canvas would show. Words are measured by a canvas. */
export class SvgSurface implements Surface {
  fillStyle: Surface['fillStyle'] = '#000';
  strokeStyle: Surface['strokeStyle'] = '#000';
  lineWidth = 1;
  globalAlpha = 1;
  textAlign: CanvasTextAlign = 'left';
  textBaseline: CanvasTextBaseline = 'alphabetic';
  imageSmoothingEnabled = true;
  private readonly width: number;
  private readonly height: number;
  private readonly ruler = document.createElement('canvas').getContext('2d')!;
  private readonly parts: string[] = [];
  private path: string[] = [];
  private dash: readonly number[] = [];
  private clips = 0;
  /** How many groups each saved state has opened since. */
  private readonly opened: number[] = [];

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
  }

  get font(): string {
    return this.ruler.font;
  }

  set font(font: string) {
    this.ruler.font = font;
  }

  /** The document so far. */
  toString(): string {
    const { width, height, parts } = this;
    const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
    return `<svg xmlns="http://www.w3.org/2000/svg" ${size}>${parts.join('')}</svg>`;
  }

  setLineDash(segments: readonly number[]): void {
    this.dash = segments;
  }

  measureText(content: string): TextMetrics {
    return this.ruler.measureText(content);
  }

  fillRect(x: number, y: number, width: number, height: number): void {
    this.add('rect', { x, y, width, height, ...this.filled() });
  }

  strokeRect(x: number, y: number, width: number, height: number): void {
    this.add('rect', { x, y, width, height, ...this.stroked() });
  }

  fillText(content: string, x: number, y: number): void {
    this.add('text', { x, y, ...this.written(), ...this.filled() }, content);
  }

  beginPath(): void {
    this.path = [];
  }

  lineTo(x: number, y: number): void {
    this.path.push(`${this.path.length === 0 ? 'M' : 'L'}${figure(x)} ${figure(y)}`);
  }

  rect(x: number, y: number, width: number, height: number): void {
    this.path.push(
      `M${figure(x)} ${figure(y)}h${figure(width)}v${figure(height)}h${figure(-width)}z`,
    );
  }

  fill(): void {
    this.add('path', { d: this.path.join(''), ...this.filled() });
  }

  stroke(): void {
    this.add('path', { d: this.path.join(''), ...this.stroked() });
  }

  /** Of a state only the clip is kept: the lanes rely on nothing else. */
  save(): void {
    this.opened.push(0);
  }

  clip(): void {
    this.clips++;
    const id = `clip-${this.clips}`;
    this.parts.push(`<clipPath id="${id}"><path d="${this.path.join('')}"/></clipPath>`);
    this.parts.push(`<g clip-path="url(#${id})">`);
    this.opened.push((this.opened.pop() ?? 0) + 1);
  }

  restore(): void {
    this.parts.push('</g>'.repeat(this.opened.pop() ?? 0));
  }

  drawImage(image: HTMLCanvasElement, x: number, y: number, width: number, height: number): void {
    this.add('image', {
      ...{ x, y, width, height },
      href: image.toDataURL(),
      'image-rendering': this.imageSmoothingEnabled ? 'auto' : 'pixelated',
      preserveAspectRatio: 'none',
    });
  }

  private filled() {
    return { fill: String(this.fillStyle), opacity: this.globalAlpha };
  }

  private stroked() {
    return {
      fill: 'none',
      stroke: String(this.strokeStyle),
      'stroke-width': this.lineWidth,
      'stroke-linejoin': 'round',
      'stroke-dasharray': this.dash.join(' ') || 'none',
      opacity: this.globalAlpha,
    };
  }

  private written() {
    const [size, ...family] = this.font.split(' ');
    return {
      'font-size': size!,
      'font-family': family.join(' '),
      'text-anchor': anchors[this.textAlign],
      'dominant-baseline': baselines[this.textBaseline] ?? 'auto',
    };
  }

  private add(
    name: string,
    attributes: Readonly<Record<string, string | number>>,
    content = '',
  ): void {
    const written = Object.entries(attributes).map(([key, value]) => {
      const shown = typeof value === 'number' ? figure(value) : escaped(value);
      return ` ${key}="${shown}"`;
    });
    this.parts.push(`<${name}${written.join('')}>${escaped(content)}</${name}>`);
  }
}

/** A hundredth of a pixel is enough. */
function figure(value: number): string {
  return String(Number(value.toFixed(2)));
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
