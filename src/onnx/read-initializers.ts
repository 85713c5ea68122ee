/** A float32 tensor that a graph brings along. */
export type StoredTensor = { readonly shape: readonly number[]; readonly values: Float32Array };

// Field numbers of onnx.proto (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto).
const modelGraph = 7;
const graphInitializer = 5;
const tensorDims = 1;
const tensorType = 2;
const tensorName = 8;
const tensorRawData = 9;
const float32 = 1;

/**
 * The float32 tensors of an `.onnx` file's main graph by their names: the weights of a network that
 * `encodeModel` wrote. Those whose numbers are not raw bytes are left out.
 * @throws RangeError where the bytes are no protobuf
 */
export function readInitializers(model: Uint8Array): Map<string, StoredTensor> {
  const tensors = new Map<string, StoredTensor>();
  for (const graph of fieldsOf(model)) {
    if (graph.number !== modelGraph || graph.bytes === undefined) continue;
    for (const { number, bytes } of fieldsOf(graph.bytes)) {
      if (number !== graphInitializer || bytes === undefined) continue;
      const { name, tensor } = tensorOf(bytes);
      if (tensor !== undefined) tensors.set(name, tensor);
    }
  }
  return tensors;
}

function tensorOf(message: Uint8Array): { name: string; tensor: StoredTensor | undefined } {
  const shape: number[] = [];
  let name = '';
  let type = 0;
  let raw: Uint8Array | undefined;
  for (const { number, value, bytes } of fieldsOf(message)) {
    if (number === tensorDims && value !== undefined) shape.push(value);
    else if (number === tensorType && value !== undefined) type = value;
    else if (number === tensorName && bytes !== undefined) name = new TextDecoder().decode(bytes);
    else if (number === tensorRawData) raw = bytes;
  }
  if (type !== float32 || raw === undefined) return { name, tensor: undefined };
  return { name, tensor: { shape, values: new Float32Array(raw.slice().buffer) } };
}

/** A field of a message: a varint's `value`, or the `bytes` of what has a length. */
type Field = {
  readonly number: number;
  readonly value?: number;
  readonly bytes?: Uint8Array;
};

function* fieldsOf(message: Uint8Array): Generator<Field> {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = message[at++];
      if (byte === undefined) fail();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  const take = (length: number): Uint8Array => {
    if (at + length > message.length) fail();
    at += length;
    return message.subarray(at - length, at);
  };
  while (at < message.length) {
    const tag = varint();
    const number = Math.floor(tag / 8);
    switch (tag % 8) {
      case 0:
        yield { number, value: varint() };
        break;
      case 1:
        take(8);
        break;
      case 2:
        yield { number, bytes: take(varint()) };
        break;
      case 5:
        take(4);
        break;
      default:
        fail();
    }
  }
}

function fail(): never {
  throw new RangeError('[readInitializers] expected the bytes of an ONNX model, got others');
}
