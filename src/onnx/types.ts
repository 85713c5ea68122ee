/** The element types that Sori's graphs use, with ONNX's TensorProto.DataType numbers. */
export const elementTypeCodes = { float32: 1, int8: 3, int64: 7, float64: 11 } as const;
export type ElementType = keyof typeof elementTypeCodes;
/** The types a network can compute in: float32 to train and serve, float64 to check gradients. */
export type FloatType = 'float32' | 'float64';

/** A dimension: a fixed size, or the name of a size known only when the graph runs. */
export type Dimension = number | string;

/** The output of a node, or an input of the graph. The element type is checked when TypeScript is. */
export type Value<Element extends ElementType> = {
  readonly name: string;
  readonly element: Element;
};
export type AnyValue = Value<ElementType>;

/** A node's attribute. Integers and floats are told apart by their wrapper, as ONNX tells them apart. */
export type Attribute =
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'ints'; readonly values: readonly number[] }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'strings'; readonly values: readonly string[] }
  | { readonly kind: 'graph'; readonly graph: Graph };

export type Node = {
  readonly operator: string;
  /** Whose operator it is; ONNX's own where nobody is named. */
  readonly domain?: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
};

/** A named, typed end of a graph. Without `shape` only the element type is declared. */
export type GraphPort = {
  readonly name: string;
  readonly element: ElementType;
  readonly shape?: readonly Dimension[];
};

/** A constant tensor stored in the model: row-major `values` of the given shape. */
export type Initializer = {
  readonly name: string;
  readonly element: ElementType;
  readonly shape: readonly number[];
  readonly values: Float32Array | Float64Array | Int8Array | BigInt64Array;
};

export type Graph = {
  readonly name: string;
  readonly nodes: readonly Node[];
  readonly inputs: readonly GraphPort[];
  readonly outputs: readonly GraphPort[];
  readonly initializers: readonly Initializer[];
};
