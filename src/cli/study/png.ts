import { createRequire } from 'node:module';

/** Pixels a unit of the SVG. */
const zoom = 2;

/**
 * A function that draws an SVG as PNG, with a font of its own so that it looks the same on every machine;
 * undefined, and a line that says so, where the optional packages that draw are not installed.
 */
export async function loadPngWriter(
  stream: NodeJS.WritableStream = process.stderr,
): Promise<((svg: string) => Uint8Array) | undefined> {
  try {
    const { Resvg } = await import('@resvg/resvg-js');
    const { resolve } = createRequire(import.meta.url);
    const fontFiles = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map((file) =>
      resolve(`dejavu-fonts-ttf/ttf/${file}`),
    );
    const font = { fontFiles, loadSystemFonts: false, defaultFontFamily: 'DejaVu Sans' };
    const options = { font, background: 'white', fitTo: { mode: 'zoom', value: zoom } } as const;
    return (svg) => new Resvg(svg, options).render().asPng();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    stream.write(
      'no PNG: the optional packages @resvg/resvg-js and dejavu-fonts-ttf are not installed\n',
    );
    return undefined;
  }
}
