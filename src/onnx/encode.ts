import { ProtobufWriter } from './protobuf.ts';
import {
  type Attribute,
  elementTypeCodes,
  type Graph,
  type GraphPort,
  type Initializer,
  type Node,
} from './types.ts';

/** ONNX operator set and file format version: both long supported by ONNX Runtime 1.17 and later. */
const operatorSetVersion = 17;
const irVersion = 8;

/**
 * The bytes of an `.onnx` file holding the graph. Field numbers are those of onnx.proto
 * (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto). The same graph gives the same bytes.
 */
export function encodeModel(graph: Graph): Uint8Array {
  const writer = new ProtobufWriter()
    .integer(1, irVersion)
    .bytes(2, 'sori')
    .bytes(7, encodeGraph(graph))
    .bytes(8, new ProtobufWriter().bytes(1, '').integer(2, operatorSetVersion));
  const domains = new Set(graph.nodes.flatMap(({ domain }) => domain ?? []));
  for (const domain of domains)
    writer.bytes(8, new ProtobufWriter().bytes(1, domain).integer(2, 1));
  return writer.finish();
}

function encodeGraph(graph: Graph): ProtobufWriter {
  const writer = new ProtobufWriter();
  for (const node of graph.nodes) writer.bytes(1, encodeNode(node));
  writer.bytes(2, graph.name);
  for (const initializer of graph.initializers) writer.bytes(5, encodeTensor(initializer));
  for (const input of graph.inputs) writer.bytes(11, encodePort(input));
  for (const output of graph.outputs) writer.bytes(12, encodePort(output));
  return writer;
}

function encodeNode(node: Node): ProtobufWriter {
  const writer = new ProtobufWriter();
  for (const input of node.inputs) writer.bytes(1, input);
  for (const output of node.outputs) writer.bytes(2, output);
  writer.bytes(4, node.operator);
  for (const [name, attribute] of Object.entries(node.attributes)) {
    writer.bytes(5, encodeAttribute(name, attribute));
  }
  if (node.domain !== undefined) writer.bytes(7, node.domain);
  return writer;
}

function encodeAttribute(name: string, attribute: Attribute): ProtobufWriter {
  const writer = new ProtobufWriter().bytes(1, name);
  switch (attribute.kind) {
    case 'int':
      return writer.integer(3, attribute.value).integer(20, 2);
    case 'string':
      return writer.bytes(4, attribute.value).integer(20, 3);
    case 'graph':
      return writer.bytes(6, encodeGraph(attribute.graph)).integer(20, 5);
    case 'ints':
      for (const value of attribute.values) writer.integer(8, value);
      return writer.integer(20, 7);
    case 'strings':
      for (const value of attribute.values) writer.bytes(9, value);
      return writer.integer(20, 8);
  }
}

function encodeTensor(tensor: Initializer): ProtobufWriter {
  const { buffer, byteOffset, byteLength } = tensor.values;
  const writer = new ProtobufWriter();
  for (const size of tensor.shape) writer.integer(1, size);
  return writer
    .integer(2, elementTypeCodes[tensor.element])
    .bytes(8, tensor.name)
    .bytes(9, new Uint8Array(buffer, byteOffset, byteLength));
}

function encodePort(port: GraphPort): ProtobufWriter {
  const tensorType = new ProtobufWriter().integer(1, elementTypeCodes[port.element]);
  if (port.shape !== undefined) {
    const shape = new ProtobufWriter();
    for (const dimension of port.shape) {
      const size = new ProtobufWriter();
      if (typeof dimension === 'number') size.integer(1, dimension);
      else size.bytes(2, dimension);
      shape.bytes(1, size);
    }
    tensorType.bytes(2, shape);
  }
  return new ProtobufWriter()
    .bytes(1, port.name)
    .bytes(2, new ProtobufWriter().bytes(1, tensorType));
}
