/**
 * A small assembler for WebAssembly with 128-bit vectors: just what numerical loops need. Kernels are
 * written as TypeScript functions that put expressions together, and compiled when the module loads.
 *
 * An expression is the code that leaves one value on WebAssembly's stack. Opcodes and encodings:
 * WebAssembly Core Specification 2.0, chapter 5.
 */
export type Expression = readonly number[];

// TypeScript keeps these types in its library for browsers.
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
  ) => { readonly exports: { readonly memory: { readonly buffer: ArrayBuffer }; run(): void } };
};

type ValueType = 'i32' | 'v128';
const valueTypes: Record<ValueType, number> = { i32: 0x7f, v128: 0x7b };

function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest & 0x7f;
    rest >>>= 7;
    bytes.push(rest === 0 ? low : low | 0x80);
  } while (rest !== 0);
  return bytes;
}

function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (;;) {
    const low = rest & 0x7f;
    rest >>= 7;
    const last = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0);
    bytes.push(last ? low : low | 0x80);
    if (last) return bytes;
  }
}

const binary = (opcode: number) => (a: Expression, b: Expression) => [...a, ...b, opcode];
const vectorBinary = (opcode: number) => (a: Expression, b: Expression) => [
  ...a,
  ...b,
  0xfd,
  ...unsigned(opcode),
];
/** The access at `address + offset`; the offset costs nothing. Alignment is a hint, and none is given. */
const vectorLoad = (opcode: number) => (address: Expression, offset: number) => [
  ...address,
  0xfd,
  ...unsigned(opcode),
  0,
  ...unsigned(offset),
];

/** 32-bit integers: addresses and counters. */
export const i32 = {
  const: (value: number): Expression => [0x41, ...signed(value)],
  add: binary(0x6a),
  sub: binary(0x6b),
  lessThan: binary(0x49),
  load: (address: Expression, offset: number): Expression => [
    ...address,
    0x28,
    0,
    ...unsigned(offset),
  ],
};

/** Vectors of two float64. */
export const f64x2 = {
  const: (value: number): Expression => {
    const bytes = new Uint8Array(new Float64Array([value, value]).buffer);
    return [0xfd, 0x0c, ...bytes];
  },
  load: vectorLoad(0x00),
  /** one float64 in both lanes */
  loadSplat: vectorLoad(0x0a),
  store: (address: Expression, offset: number, value: Expression): Expression => [
    ...address,
    ...value,
    0xfd,
    0x0b,
    0,
    ...unsigned(offset),
  ],
  add: vectorBinary(0xf0),
  sub: vectorBinary(0xf1),
  mul: vectorBinary(0xf2),
  div: vectorBinary(0xf3),
  /** b where a < b, otherwise a */
  greater: vectorBinary(0xf7),
};

/** The same vectors as two 64-bit integers. */
export const i64x2 = {
  const: (value: bigint): Expression => {
    const bytes = new Uint8Array(new BigInt64Array([value, value]).buffer);
    return [0xfd, 0x0c, ...bytes];
  },
  add: vectorBinary(0xce),
  and: vectorBinary(0x4e),
  or: vectorBinary(0x50),
  shiftRight: (a: Expression, bits: number): Expression => [
    ...a,
    ...i32.const(bits),
    0xfd,
    ...unsigned(0xcd),
  ],
};

/** The body of a function without parameters or results: it works on the memory. */
export class FunctionBuilder {
  private readonly locals: ValueType[] = [];
  private readonly code: number[] = [];

  emit(...statements: readonly Expression[]): void {
    for (const statement of statements) for (const byte of statement) this.code.push(byte);
  }

  /** Computes the value once; the expression returned reads it. */
  keep(value: Expression, type: ValueType = 'v128'): Expression {
    return this.variable(value, type).value;
  }

  /** A value that can be set anew. */
  variable(initial: Expression, type: ValueType = 'v128') {
    const index = unsigned(this.locals.push(type) - 1);
    const set = (value: Expression) => this.emit(value, [0x21, ...index]);
    set(initial);
    return { value: [0x20, ...index] as Expression, set };
  }

  /** for (i = from; i < to; i += step) body(i), for a range that is not empty. */
  loop(from: number, to: number, step: number, body: (i: Expression) => void): void {
    const i = this.variable(i32.const(from), 'i32');
    this.emit([0x03, 0x40]); // loop
    body(i.value);
    i.set(i32.add(i.value, i32.const(step)));
    this.emit(i32.lessThan(i.value, i32.const(to)), [0x0d, 0, 0x0b]); // br_if, end
  }

  /** while (a < b) body(), both unsigned and read anew each time. */
  whileLess(a: Expression, b: Expression, body: () => void): void {
    this.emit([0x02, 0x40, 0x03, 0x40]); // block, loop
    this.emit(i32.lessThan(a, b), [0x45, 0x0d, 1]); // i32.eqz, br_if out of the block
    body();
    this.emit([0x0c, 0, 0x0b, 0x0b]); // br to the loop, end, end
  }

  /** Declarations of locals, and the code. */
  encode(): number[] {
    const declarations = this.locals.flatMap((type) => [1, valueTypes[type]]);
    const body = [...unsigned(this.locals.length), ...declarations, ...this.code, 0x0b];
    return [...unsigned(body.length), ...body];
  }
}

/** Gives out places in a kernel's memory. */
export class MemoryLayout {
  /** reserved so far */
  bytes = 0;

  /** The address of so many bytes more, a multiple of 16. */
  reserve(bytes: number): number {
    const address = this.bytes;
    this.bytes += Math.ceil(bytes / 16) * 16;
    return address;
  }
}

/** Compiles a kernel: a function, and a memory of its own, zeros at first. */
export function assemble(
  kernel: FunctionBuilder,
  memoryBytes: number,
): { readonly memory: ArrayBuffer; readonly run: () => void } {
  const pages = unsigned(Math.ceil(memoryBytes / 65_536));
  const section = (id: number, content: readonly number[]) => [
    id,
    ...unsigned(content.length),
    ...content,
  ];
  const name = (text: string) => [text.length, ...new TextEncoder().encode(text)];
  const bytes = Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0], // magic, version
    ...section(1, [1, 0x60, 0, 0]), // types: () → ()
    ...section(3, [1, 0]), // functions: one of type 0
    ...section(5, [1, 1, ...pages, ...pages]), // memories: one that does not grow
    ...section(7, [2, ...name('memory'), 2, 0, ...name('run'), 0, 0]), // exports
    ...section(10, [1, ...kernel.encode()]), // code
  ]);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
  return { memory: exports.memory.buffer, run: exports.run };
}
