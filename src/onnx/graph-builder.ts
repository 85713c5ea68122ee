import type {
  AnyValue,
  Attribute,
  Dimension,
  ElementType,
  FloatType,
  Graph,
  GraphPort,
  Initializer,
  Node,
  Value,
} from './types.ts';

type Attributes = Readonly<Record<string, Attribute>>;

const int = (value: number): Attribute => ({ kind: 'int', value });
const ints = (values: readonly number[]): Attribute => ({ kind: 'ints', values });
const text = (value: string): Attribute => ({ kind: 'string', value });

/** A state of a `scan`, or a sequence with the shape of one slice. */
export type Shaped<E extends ElementType> = {
  readonly value: Value<E>;
  readonly shape: readonly Dimension[];
};

/**
 * Collects the nodes of one ONNX graph. Every method adds one operator and returns its output; shapes
 * follow ONNX's (and numpy's) broadcasting rules and are checked by ONNX Runtime when it loads the
 * model, element types by TypeScript.
 */
export class GraphBuilder {
  private readonly nodes: Node[] = [];
  private readonly inputs: GraphPort[] = [];
  private readonly outputs: GraphPort[] = [];
  private readonly initializers: Initializer[] = [];
  /** From the name that a node gave its output to the name it has as an output of the graph. */
  private readonly renamed = new Map<string, string>();
  private readonly name: string;
  /** Shared with the bodies of `scan`, so that no name stands twice in a model. */
  private readonly names: { next: number };

  constructor(name: string, names = { next: 0 }) {
    this.name = name;
    this.names = names;
  }

  input<E extends ElementType>(name: string, element: E, shape?: readonly Dimension[]): Value<E> {
    this.inputs.push(shape === undefined ? { name, element } : { name, element, shape });
    return { name, element };
  }

  /** Makes the value an output of the graph. A node's own output is renamed, not copied. */
  output(name: string, value: AnyValue, shape?: readonly Dimension[]): void {
    const ownNode = this.nodes.some((node) => node.outputs.includes(value.name));
    if (ownNode && !this.renamed.has(value.name)) this.renamed.set(value.name, name);
    else this.emit('Identity', [value], [name]);
    const { element } = value;
    this.outputs.push(shape === undefined ? { name, element } : { name, element, shape });
  }

  /** A constant with a name that readers of the model file will see. */
  initializer<E extends FloatType>(
    name: string,
    element: E,
    shape: readonly number[],
    values: Float32Array | Float64Array,
  ): Value<E> {
    this.initializers.push({ name, element, shape, values });
    return { name, element };
  }

  constant<E extends FloatType>(element: E, shape: readonly number[], values: readonly number[]) {
    const array = element === 'float32' ? Float32Array.from(values) : Float64Array.from(values);
    return this.initializer(this.freshName('constant'), element, shape, array);
  }

  integers(values: readonly number[]): Value<'int64'> {
    const name = this.freshName('integers');
    const array = BigInt64Array.from(values, BigInt);
    this.initializers.push({ name, element: 'int64', shape: [values.length], values: array });
    return { name, element: 'int64' };
  }

  add<E extends ElementType>(a: Value<E>, b: Value<E>): Value<E> {
    return this.one('Add', [a, b], a.element);
  }

  subtract<E extends ElementType>(a: Value<E>, b: Value<E>): Value<E> {
    return this.one('Sub', [a, b], a.element);
  }

  multiply<E extends ElementType>(a: Value<E>, b: Value<E>): Value<E> {
    return this.one('Mul', [a, b], a.element);
  }

  matmul<E extends FloatType>(a: Value<E>, b: Value<E>): Value<E> {
    return this.one('MatMul', [a, b], a.element);
  }

  /** `op(a)·op(b) + c` of matrices, where `op` transposes if asked to. */
  gemm<E extends FloatType>(
    a: Value<E>,
    b: Value<E>,
    options: { c?: Value<E>; transposeA?: boolean; transposeB?: boolean } = {},
  ): Value<E> {
    const inputs = options.c === undefined ? [a, b] : [a, b, options.c];
    return this.one('Gemm', inputs, a.element, {
      transA: int(options.transposeA ? 1 : 0),
      transB: int(options.transposeB ? 1 : 0),
    });
  }

  /**
   * Convolution along the last axis of batch × channels × frames with outputs × channels × width weights;
   * `padding` zeros stand before the first and behind the last frame.
   */
  convolve<E extends FloatType>(a: Value<E>, weights: Value<E>, padding: number): Value<E> {
    return this.one('Conv', [a, weights], a.element, { pads: ints([padding, padding]) });
  }

  sigmoid<E extends FloatType>(a: Value<E>): Value<E> {
    return this.one('Sigmoid', [a], a.element);
  }

  tanh<E extends FloatType>(a: Value<E>): Value<E> {
    return this.one('Tanh', [a], a.element);
  }

  exp<E extends FloatType>(a: Value<E>): Value<E> {
    return this.one('Exp', [a], a.element);
  }

  log<E extends FloatType>(a: Value<E>): Value<E> {
    return this.one('Log', [a], a.element);
  }

  logSoftmax<E extends FloatType>(a: Value<E>, axis: number): Value<E> {
    return this.one('LogSoftmax', [a], a.element, { axis: int(axis) });
  }

  /** Sums over the axes, which disappear. */
  sum<E extends FloatType>(a: Value<E>, axes: readonly number[]): Value<E> {
    return this.one('ReduceSum', [a, this.integers(axes)], a.element, { keepdims: int(0) });
  }

  /** The largest along the axes, which stay with size one. */
  max<E extends FloatType>(a: Value<E>, axes: readonly number[]): Value<E> {
    return this.one('ReduceMax', [a], a.element, { axes: ints(axes), keepdims: int(1) });
  }

  concat<E extends ElementType>(parts: readonly Value<E>[], axis: number): Value<E> {
    return this.one('Concat', parts, parts[0]!.element, { axis: int(axis) });
  }

  /** Cuts `a` along the axis into pieces of the given sizes. */
  split<E extends ElementType>(a: Value<E>, sizes: readonly number[], axis: number): Value<E>[] {
    const names = sizes.map(() => this.freshName('split'));
    this.emit('Split', [a, this.integers(sizes)], names, { axis: int(axis) });
    return names.map((name) => ({ name, element: a.element }));
  }

  slice<E extends ElementType>(a: Value<E>, axis: number, start: number, end: number): Value<E> {
    const [starts, ends, axes] = [[start], [end], [axis]].map((list) => this.integers(list));
    return this.one('Slice', [a, starts!, ends!, axes!], a.element);
  }

  /** A dimension of −1 is what is left over; 0 keeps the input's size. */
  reshape<E extends ElementType>(a: Value<E>, shape: readonly number[]): Value<E> {
    return this.one('Reshape', [a, this.integers(shape)], a.element);
  }

  /** A matrix whose rows run over the first `axis` dimensions and whose columns over the others. */
  flatten<E extends ElementType>(a: Value<E>, axis: number): Value<E> {
    return this.one('Flatten', [a], a.element, { axis: int(axis) });
  }

  unsqueeze<E extends ElementType>(a: Value<E>, axes: readonly number[]): Value<E> {
    return this.one('Unsqueeze', [a, this.integers(axes)], a.element);
  }

  squeeze<E extends ElementType>(a: Value<E>, axes: readonly number[]): Value<E> {
    return this.one('Squeeze', [a, this.integers(axes)], a.element);
  }

  transpose<E extends ElementType>(a: Value<E>, permutation: readonly number[]): Value<E> {
    return this.one('Transpose', [a], a.element, { perm: ints(permutation) });
  }

  /** Reverses each sequence of a frames × batch × … tensor inside its own length. */
  reverseSequence<E extends ElementType>(a: Value<E>, lengths: Value<'int64'>): Value<E> {
    return this.one('ReverseSequence', [a, lengths], a.element, {
      time_axis: int(0),
      batch_axis: int(1),
    });
  }

  /** The sizes of `a` as a vector of integers. */
  shape(a: AnyValue): Value<'int64'> {
    return this.one('Shape', [a], 'int64');
  }

  /** Repeats `a` until it has the given shape. */
  expand<E extends ElementType>(a: Value<E>, shape: Value<'int64'>): Value<E> {
    return this.one('Expand', [a, shape], a.element);
  }

  /**
   * ONNX's fused recurrent operators (onnx.ai, LSTM and RNN), frames × batch × inputs →
   * frames × directions × batch × hidden. `weights` are directions × (gates·hidden) × inputs and so on,
   * gates in the order i, o, f, c; padding behind `lengths` comes out as zeros.
   */
  recurrent<E extends FloatType>(
    cell: 'lstm' | 'rnn',
    x: Value<E>,
    weights: { input: Value<E>; recurrent: Value<E>; bias: Value<E> },
    lengths: AnyValue,
    shape: { hidden: number; bidirectional: boolean },
  ): Value<E> {
    const inputs = [x, weights.input, weights.recurrent, weights.bias, lengths];
    return this.one(cell.toUpperCase(), inputs, x.element, {
      hidden_size: int(shape.hidden),
      direction: text(shape.bidirectional ? 'bidirectional' : 'forward'),
    });
  }

  castToInt32(a: Value<'int64'>): AnyValue {
    return this.one('Cast', [a], a.element, { to: int(6) });
  }

  /**
   * Runs `body` once a slice along axis 0 of the sequences, handing the states on: ONNX's Scan. The body
   * may use values of the surrounding graph. Returns the last states and the outputs of all steps,
   * stacked along axis 0 in the order of the sequences. ONNX Runtime wants the shapes of the body's
   * outputs known when it loads the model, so the shapes of states and slices are stated.
   */
  scan<E extends FloatType>(
    loop: {
      states: readonly Shaped<E>[];
      sequences: readonly Shaped<E>[];
      reverse?: boolean;
    },
    body: (
      step: GraphBuilder,
      states: Value<E>[],
      slices: Value<E>[],
    ) => { states: readonly Value<E>[]; outputs: readonly Value<E>[] },
  ): { states: Value<E>[]; outputs: Value<E>[] } {
    const step = new GraphBuilder(this.freshName('body'), this.names);
    const enter = (values: readonly Shaped<E>[]) =>
      values.map(({ value, shape }) => step.input(this.freshName('step'), value.element, shape));
    const result = body(step, enter(loop.states), enter(loop.sequences));
    for (const value of [...result.states, ...result.outputs]) {
      step.output(this.freshName('result'), value);
    }
    const names = step.outputs.map(() => this.freshName('scan'));
    const direction = loop.reverse ? 1 : 0;
    const inputs = [...loop.states, ...loop.sequences].map(({ value }) => value);
    this.emit('Scan', inputs, names, {
      body: { kind: 'graph', graph: step.finish() },
      num_scan_inputs: int(loop.sequences.length),
      scan_input_directions: ints(loop.sequences.map(() => direction)),
      scan_output_directions: ints(result.outputs.map(() => direction)),
    });
    const values = names.map((name, index) => ({
      name,
      element: step.outputs[index]!.element as E,
    }));
    const stateCount = result.states.length;
    return { states: values.slice(0, stateCount), outputs: values.slice(stateCount) };
  }

  finish(): Graph {
    const { name, inputs, outputs, initializers } = this;
    const nodes = this.nodes.map((node) => renameValues(node, this.renamed));
    return { name, nodes, inputs, outputs, initializers };
  }

  private one<E extends ElementType>(
    operator: string,
    inputs: readonly AnyValue[],
    element: E,
    attributes: Attributes = {},
  ): Value<E> {
    const name = this.freshName(operator.toLowerCase());
    this.emit(operator, inputs, [name], attributes);
    return { name, element };
  }

  private emit(
    operator: string,
    inputs: readonly AnyValue[],
    outputs: readonly string[],
    attributes: Attributes = {},
  ): void {
    this.nodes.push({ operator, inputs: inputs.map((input) => input.name), outputs, attributes });
  }

  private freshName(stem: string): string {
    return `${stem}_${this.names.next++}`;
  }
}

/** The node with other names for its values, also where a body inside it reads them. */
function renameValues(node: Node, renamed: ReadonlyMap<string, string>): Node {
  const rename = (name: string) => renamed.get(name) ?? name;
  const attributes = Object.entries(node.attributes).map(([name, attribute]) => {
    if (attribute.kind !== 'graph') return [name, attribute] as const;
    const { graph } = attribute;
    const nodes = graph.nodes.map((inner) => renameValues(inner, renamed));
    return [name, { kind: 'graph', graph: { ...graph, nodes } }] as const;
  });
  return {
    operator: node.operator,
    inputs: node.inputs.map(rename),
    outputs: node.outputs.map(rename),
    attributes: Object.fromEntries(attributes),
  };
}
