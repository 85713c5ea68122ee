/** Reads a little-endian float32 array in C order as numpy.save writes it (format 1.0). */
export function readNpyFloat32(bytes: Uint8Array): { shape: number[]; values: Float32Array } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerEnd = 10 + view.getUint16(8, true);
  const header = new TextDecoder('latin1').decode(bytes.subarray(10, headerEnd));
  if (!header.includes("'<f4'") || !header.includes("'fortran_order': False"))
    throw new Error(`expected float32 in C order, got ${header}`);
  const shape = [...header.match(/\(([^)]*)\)/)![1]!.matchAll(/\d+/g)].map(Number);
  return { shape, values: new Float32Array(Uint8Array.from(bytes.subarray(headerEnd)).buffer) };
}
