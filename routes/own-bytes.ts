/**
 * The same bytes in an ArrayBuffer of their own, so that they can move to a worker: small Node buffers
 * share one. Large bodies have their own already and are not copied.
 */
export function ownBytes(bytes: Uint8Array): Uint8Array {
  const alone = bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength;
  return alone ? bytes : Uint8Array.from(bytes);
}
