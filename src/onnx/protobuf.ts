/** Writes protobuf's wire format: just the four field kinds that ONNX models need. */
export class ProtobufWriter {
  private readonly parts: Uint8Array[] = [];

  /** A varint field: int32, int64, enum, bool. Zero is written too: ONNX attributes rely on presence. */
  integer(field: number, value: number | bigint): this {
    this.parts.push(varint(BigInt(field << 3)), varint(BigInt.asUintN(64, BigInt(value))));
    return this;
  }

  /** A 32-bit float field. */
  float(field: number, value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    this.parts.push(varint(BigInt((field << 3) | 5)), bytes);
    return this;
  }

  /** A length-delimited field: bytes, a string, or an embedded message. */
  bytes(field: number, value: Uint8Array | string | ProtobufWriter): this {
    const content =
      value instanceof ProtobufWriter
        ? value.finish()
        : typeof value === 'string'
          ? new TextEncoder().encode(value)
          : value;
    this.parts.push(varint(BigInt((field << 3) | 2)), varint(BigInt(content.length)), content);
    return this;
  }

  finish(): Uint8Array {
    const length = this.parts.reduce((sum, part) => sum + part.length, 0);
    const bytes = new Uint8Array(length);
    let offset = 0;
    for (const part of this.parts) {
      bytes.set(part, offset);
      offset += part.length;
    }
    return bytes;
  }
}

function varint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80n) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}
