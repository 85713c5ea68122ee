const powersOfTen = Float64Array.from({ length: 23 }, (_, exponent) => 10 ** exponent);
const maxExactDigits = 15;

const [minus, plus, point, zero, nine] = [0x2d, 0x2b, 0x2e, 0x30, 0x39];

/**
 * Reads JSON numbers (RFC 8259, section 6) straight from bytes. Up to 15 digits and a power of ten up
 * to 10²² are exact float64 numbers, so one multiplication or division rounds correctly (Clinger 1990,
 * "How to read floating point numbers accurately"); all others go through `Number`.
 */
export class JsonNumberReader {
  /** The number that `read` found last. */
  value = 0;
  private readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** Reads the number at `start` into `value`; returns the position behind it, or −1 if there is none. */
  read(start: number): number {
    const { bytes } = this;
    let position = start;
    const negative = bytes[position] === minus;
    if (negative) position++;

    let mantissa = 0;
    const integerStart = position;
    while (isDigit(bytes[position])) mantissa = mantissa * 10 + (bytes[position++]! - zero);
    let digits = position - integerStart;
    if (digits === 0 || (digits > 1 && bytes[integerStart] === zero)) return -1;

    let exponent = 0;
    if (bytes[position] === point) {
      const fractionStart = ++position;
      while (isDigit(bytes[position])) mantissa = mantissa * 10 + (bytes[position++]! - zero);
      const fractionDigits = position - fractionStart;
      if (fractionDigits === 0) return -1;
      digits += fractionDigits;
      exponent = -fractionDigits;
    }
    if (bytes[position] === 0x65 || bytes[position] === 0x45) {
      position++;
      const sign = bytes[position] === minus ? -1 : 1;
      if (sign === -1 || bytes[position] === plus) position++;
      const exponentStart = position;
      let magnitude = 0;
      while (isDigit(bytes[position])) magnitude = magnitude * 10 + (bytes[position++]! - zero);
      if (position === exponentStart) return -1;
      exponent += sign * magnitude;
    }

    if (digits <= maxExactDigits && exponent >= -22 && exponent <= 22) {
      const size =
        exponent < 0 ? mantissa / powersOfTen[-exponent]! : mantissa * powersOfTen[exponent]!;
      this.value = negative ? -size : size;
    } else {
      const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, position - start);
      this.value = Number(text.toString('latin1'));
    }
    return position;
  }
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= zero && byte <= nine;
}
