import { byId } from '../dom.ts';
import { text } from '../language.ts';

const svgType = 'image/svg+xml';

/** Puts a picture on the clipboard and says so. */
async function copy(item: () => ClipboardItem): Promise<void> {
  const said = byId('picture-copied', HTMLElement);
  try {
    await navigator.clipboard.write([item()]);
    said.textContent = text('copied');
  } catch {
    said.textContent = text('copyFailed');
  }
}

/** The pixels of a canvas. */
export function copyPng(canvas: HTMLCanvasElement): Promise<void> {
  const png = new Promise<Blob>((resolve, reject) =>
    canvas.toBlob((blob) => (blob === null ? reject(new Error('no PNG')) : resolve(blob))),
  );
  return copy(() => new ClipboardItem({ 'image/png': png }));
}

/** A drawing: as a picture where the browser has a place for that, and as text for editors. */
export function copySvg(svg: string): Promise<void> {
  const blobs = ['text/plain', svgType].map((type) => [type, new Blob([svg], { type })] as const);
  return copy(() => {
    const taken = blobs.filter(([type]) => ClipboardItem.supports(type));
    return new ClipboardItem(Object.fromEntries(taken));
  });
}
