/** Whether the bytes at `offset` are the given ASCII characters. */
export function hasTag(bytes: Uint8Array, offset: number, tag: string): boolean {
  if (offset < 0 || offset + tag.length > bytes.length) return false;
  for (let i = 0; i < tag.length; i++) {
    if (bytes[offset + i] !== tag.charCodeAt(i)) return false;
  }
  return true;
}

/** The first byte after an ID3v2 tag at the start (id3.org, ID3v2.4 §3.1), or 0 without one. */
export function endOfId3v2(bytes: Uint8Array): number {
  if (!hasTag(bytes, 0, 'ID3') || bytes.length < 10) return 0;
  const size =
    ((bytes[6]! & 0x7f) << 21) |
    ((bytes[7]! & 0x7f) << 14) |
    ((bytes[8]! & 0x7f) << 7) |
    (bytes[9]! & 0x7f);
  const footer = (bytes[5]! & 0x10) === 0 ? 0 : 10;
  return 10 + size + footer;
}

/** Where an ID3v1 tag at the end begins, or the end of the bytes without one. */
export function startOfId3v1(bytes: Uint8Array): number {
  return hasTag(bytes, bytes.length - 128, 'TAG') ? bytes.length - 128 : bytes.length;
}
