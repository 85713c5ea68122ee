/** frames × columns; `values[t * columns + k]` */
export type Matrix = {
  readonly frames: number;
  readonly columns: number;
  readonly values: Float32Array;
};

/** A matrix in NumPy's format as the service writes it: version 1.0, little-endian float32, C order. */
export function parseNpy(bytes: ArrayBuffer): Matrix {
  const headerBytes = new DataView(bytes).getUint16(8, true);
  const header = new TextDecoder('latin1').decode(new Uint8Array(bytes, 10, headerBytes));
  const shape = /'descr': '<f4'.*'shape': \((?<frames>\d+), (?<columns>\d+)\)/u.exec(header);
  if (shape === null) throw new RangeError(`[parseNpy] expected a matrix of <f4, got ${header}`);
  const { frames, columns } = shape.groups as { frames: string; columns: string };
  const values = new Float32Array(bytes.slice(10 + headerBytes));
  return { frames: Number(frames), columns: Number(columns), values };
}
