/** What ONNX calls a tensor's element type, with its number in `TensorProto.DataType`. */
export const kinds = { float32: 1, uint8: 2, int32: 6, int64: 7, bool: 9 } as const;
export type Kind = keyof typeof kinds;

/** A value that goes in or out. A name instead of a length is a symbolic one: any. */
export interface Value {
  readonly name: string;
  readonly kind: Kind;
  readonly shape: readonly (string | number)[];
}

export type Attribute =
  { readonly float: number } | { readonly integer: number } | { readonly text: string };

/** One operator. An input left out is named by the empty string. */
export interface Node {
  readonly operator: string;
  /** Left out: ONNX's own. */
  readonly domain?: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, Attribute>>;
}

/** A value that stands in the graph itself. */
export interface Constant {
  readonly name: string;
  readonly kind: 'float32' | 'int64';
  readonly shape: readonly number[];
  /** Left out: it is handed over beside the graph, as a file of its name. */
  readonly data?: readonly number[];
}

export interface Graph {
  readonly inputs: readonly Value[];
  /** Names and kinds; their shapes follow from the operators. */
  readonly outputs: readonly Omit<Value, 'shape'>[];
  readonly nodes: readonly Node[];
  readonly constants?: readonly Constant[];
}

/** Version 24 of ONNX's operators came with version 12 of its file format. */
const irVersion = 12;
const operatorSets = { '': 24, 'com.microsoft': 1 } as const;

/** The numbers of `AttributeProto.AttributeType`. */
const attributeTypes = { float: 1, integer: 2, text: 3 } as const;

/** Seven bits a byte, the lowest first, the top bit saying that more follow; negative ones are two's complement in 64 bits. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest >= 128n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Uint8Array.from([...bytes, Number(rest)]);
}

/** The types that stand in the low three bits of a field's tag. */
const wire = { varint: 0, length: 2, fixed32: 5 } as const;
const tag = (field: number, type: number): Uint8Array => varint(field * 8 + type);

const integer = (field: number, value: number): Uint8Array =>
  Buffer.concat([tag(field, wire.varint), varint(value)]);

const bytes = (field: number, value: Uint8Array): Uint8Array =>
  Buffer.concat([tag(field, wire.length), varint(value.length), value]);

const text = (field: number, value: string): Uint8Array => bytes(field, Buffer.from(value, 'utf8'));

const message = (field: number, ...parts: readonly Uint8Array[]): Uint8Array =>
  bytes(field, Buffer.concat(parts));

function float(field: number, value: number): Uint8Array {
  const fixed = Buffer.alloc(4);
  fixed.writeFloatLE(value);
  return Buffer.concat([tag(field, wire.fixed32), fixed]);
}

function attribute(name: string, value: Attribute): Uint8Array {
  const type = (of: keyof typeof attributeTypes) => integer(20, attributeTypes[of]);
  const parts =
    'float' in value
      ? [float(2, value.float), type('float')]
      : 'integer' in value
        ? [integer(3, value.integer), type('integer')]
        : [text(4, value.text), type('text')];
  return message(5, text(1, name), ...parts);
}

const node = ({ operator, domain = '', inputs, outputs, attributes = {} }: Node): Uint8Array =>
  message(
    1,
    ...inputs.map((name) => text(1, name)),
    ...outputs.map((name) => text(2, name)),
    text(4, operator),
    ...Object.entries(attributes).map(([name, value]) => attribute(name, value)),
    text(7, domain),
  );

const dimension = (length: string | number): Uint8Array =>
  message(1, typeof length === 'number' ? integer(1, length) : text(2, length));

function valueInfo(field: number, name: string, kind: Kind, shape?: Value['shape']): Uint8Array {
  const dimensions = shape === undefined ? [] : [message(2, ...shape.map(dimension))];
  return message(
    field,
    text(1, name),
    message(2, message(1, integer(1, kinds[kind]), ...dimensions)),
  );
}

function raw(kind: Constant['kind'], data: readonly number[]): Uint8Array {
  const width = kind === 'int64' ? 8 : 4;
  const view = Buffer.alloc(data.length * width);
  for (const [i, value] of data.entries())
    if (kind === 'int64') view.writeBigInt64LE(BigInt(value), i * width);
    else view.writeFloatLE(value, i * width);
  return view;
}

/** `DataLocation.EXTERNAL`, and the file that it is in. */
const elsewhere = (name: string): readonly Uint8Array[] => [
  message(13, text(1, 'location'), text(2, name)),
  integer(14, 1),
];

const initializer = ({ name, kind, shape, data }: Constant): Uint8Array =>
  message(
    5,
    ...shape.map((length) => integer(1, length)),
    integer(2, kinds[kind]),
    text(8, name),
    ...(data === undefined ? elsewhere(name) : [bytes(9, raw(kind, data))]),
  );

/**
 * A graph as an ONNX file: a `ModelProto` in the wire format of Protocol Buffers. The field numbers are those of onnx/onnx.proto
 * (github.com/onnx/onnx): ModelProto ir_version 1, graph 7, opset_import 8; OperatorSetIdProto domain 1, version 2; GraphProto node 1,
 * name 2, initializer 5, input 11, output 12; NodeProto input 1, output 2, op_type 4, attribute 5, domain 7; AttributeProto name 1, f 2,
 * i 3, s 4, type 20; ValueInfoProto name 1, type 2; TypeProto tensor_type 1; TypeProto.Tensor elem_type 1, shape 2; TensorShapeProto dim 1;
 * Dimension dim_value 1, dim_param 2; TensorProto dims 1, data_type 2, name 8, raw_data 9,
 * external_data 13, data_location 14; StringStringEntryProto key 1, value 2.
 */
export function modelOf({ inputs, outputs, nodes, constants = [] }: Graph): Uint8Array {
  const graph = message(
    7,
    ...nodes.map(node),
    text(2, 'touchstone'),
    ...constants.map(initializer),
    ...inputs.map(({ name, kind, shape }) => valueInfo(11, name, kind, shape)),
    ...outputs.map(({ name, kind }) => valueInfo(12, name, kind)),
  );
  const imports = Object.entries(operatorSets).map(([domain, version]) =>
    message(8, text(1, domain), integer(2, version)),
  );
  return Buffer.concat([integer(1, irVersion), graph, ...imports]);
}
