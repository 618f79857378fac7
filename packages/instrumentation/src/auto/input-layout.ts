import { type FeatureRow, isFeatureRow } from "../aggregate/feature-row.ts";
import type { ModelConfig } from "../config/auto-config.ts";
import type { FeatureKind } from "../model-description.ts";
import { elementAt, findTensor, rowCount, rowWidth, type Tensor } from "./tensor.ts";

/** Wider tensors that nobody named the columns of are summarized: images, token ids, embeddings. */
const MAX_DISCOVERED_COLUMNS = 64;
/** Elements of a wide row that its mean and deviation are computed from, evenly spread. */
const MAX_SUMMARIZED_ELEMENTS = 1_024;

type Row = Record<string, unknown>;

/** The inputs of one prediction: by name, or as numbers in the order of the columns. */
export type InputRow = Row | FeatureRow;

/** Writes the features of one tensor into a row. */
interface TensorReader {
  readonly tensor: string;
  readonly features: Readonly<Record<string, FeatureKind>>;
  /** Elements a row must have; null: any number. */
  readonly width: number | null;
  /** Its features by column, where each column of numbers is one. */
  readonly columns?: readonly string[];
  readonly write: (tensor: Tensor, index: number, width: number, row: Row) => void;
}

/** Which features the tensors of a model hold. Found at the first call, the same for all later ones. */
export interface InputLayout {
  readonly features: Readonly<Record<string, FeatureKind>>;
  /** Features by column, where one tensor of numbers holds them all. */
  readonly columns: readonly string[] | null;
  /**
   * The inputs of each row of the batch. Tensors of another shape leave their features out.
   *
   * @param isByColumn whether rows may be numbers by column: the model's features are these columns, in this order
   */
  toRows(tensors: readonly Tensor[], isByColumn: boolean, onMismatch: (problem: string) => void): InputRow[];
}

/**
 * The layout of some tensors: columns as configured; else a feature for each column of a narrow tensor (`name`, or
 * `name.0`, `name.1`, ...), and a summary of a wide or ragged one: mean and deviation of numbers, else its length. Text that nobody declared categorical is counted by its length
 * only: what it says must not leave the service unasked.
 *
 * @param categorical names that the configuration or the profile declares categorical
 */
export function planInputs(
  tensors: readonly Tensor[],
  config: Pick<ModelConfig, "inputs"> | null,
  categorical: ReadonlySet<string>,
): InputLayout {
  const readers = tensors.flatMap((tensor) => {
    const named = config?.inputs[tensor.name];
    if (named === "ignore" || tensor.kind === "other") return [];
    return named === undefined ? discover(tensor, categorical) : byColumn(tensor, named);
  });
  const [single] = readers.length === 1 ? readers : [];
  const isVector = tensors.length === 1 && tensors[0]!.dims.length === 1 && (readers[0]?.width ?? 1) > 1;
  return {
    features: Object.assign({}, ...readers.map(({ features }) => features)) as Record<string, FeatureKind>,
    columns: single?.columns ?? null,
    toRows: (given, isByColumn, onMismatch) => {
      const asRows = isVector ? given.map((tensor) => ({ ...tensor, dims: [1, ...tensor.dims] })) : given;
      const typed = isByColumn && asRows.length === 1 ? typedRows(asRows[0]!, single!.width!) : null;
      return typed ?? toRows(asRows, readers, onMismatch);
    },
  };
}

/** Rows of a call: those of its first tensor. */
export function batchSizeOf(tensors: readonly Tensor[]): number {
  const first = tensors[0];
  return first === undefined ? 1 : rowCount(first);
}

/** Views of the tensor's data, not copies; null where it has another shape or is no array of numbers. */
function typedRows(tensor: Tensor, width: number): FeatureRow[] | null {
  const { data } = tensor;
  if (rowWidth(tensor) !== width || !isFeatureRow(data)) return null;
  const count = rowCount(tensor);
  if (count === 1 && data.length === width) return [data];
  const rows: FeatureRow[] = [];
  for (let row = 0; row < count; row++) rows.push(data.subarray(row * width, (row + 1) * width));
  return rows;
}

function toRows(tensors: readonly Tensor[], readers: readonly TensorReader[], onMismatch: (problem: string) => void) {
  const rows: Row[] = [];
  for (let count = batchSizeOf(tensors); count > 0; count--) rows.push({});
  for (const { tensor: name, width: expected, write } of readers) {
    const tensor = findTensor(tensors, name);
    if (tensor === undefined) continue;
    const width = rowWidth(tensor);
    if (expected !== null && width !== expected) {
      onMismatch(`input ${name} has ${width} values a row, expected ${expected}`);
      continue;
    }
    const count = Math.min(rows.length, rowCount(tensor));
    for (let index = 0; index < count; index++) write(tensor, index, width, rows[index]!);
  }
  return rows;
}

function byColumn(tensor: Tensor, names: readonly (string | null)[]): TensorReader[] {
  const columns = names.flatMap((feature, column) => (feature === null ? [] : [{ feature, column }]));
  const kind = kindOf(tensor);
  return [
    {
      tensor: tensor.name,
      features: Object.fromEntries(columns.map(({ feature }) => [feature, kind])),
      width: names.length,
      ...(tensor.kind === "number" &&
        columns.length === names.length && { columns: columns.map(({ feature }) => feature) }),
      write: (given, index, width, row) => {
        const start = index * width;
        for (const { feature, column } of columns) row[feature] = elementAt(given, start + column);
      },
    },
  ];
}

function discover(tensor: Tensor, categorical: ReadonlySet<string>): TensorReader[] {
  const { name, kind } = tensor;
  const width = tensor.dims.length === 1 ? 1 : rowWidth(tensor);
  const isNarrow = tensor.dims.length <= 2 && width <= MAX_DISCOVERED_COLUMNS && tensor.isRagged !== true;
  if (!isNarrow) return kind === "number" ? [meanAndDeviation(name)] : [rowLength(name)];
  const names = width === 1 ? [name] : Array.from({ length: width }, (_, column) => `${name}.${column}`);
  if (kind !== "text" || names.every((feature) => categorical.has(feature))) return byColumn(tensor, names);
  return [textLengths(tensor, names, categorical)];
}

function textLengths(tensor: Tensor, names: readonly string[], categorical: ReadonlySet<string>): TensorReader {
  const columns = names.map((name) => (categorical.has(name) ? name : `${name}.length`));
  return {
    tensor: tensor.name,
    features: Object.fromEntries(
      columns.map((feature) => [feature, categorical.has(feature) ? "categorical" : "numeric"]),
    ),
    width: names.length,
    write: (given, index, width, row) => {
      columns.forEach((feature, column) => {
        const value = given.data[index * width + column];
        row[feature] = categorical.has(feature) || typeof value !== "string" ? value : value.length;
      });
    },
  };
}

function meanAndDeviation(name: string): TensorReader {
  return {
    tensor: name,
    features: { [`${name}.mean`]: "numeric", [`${name}.std`]: "numeric" },
    width: null,
    write: ({ data }, index, width, row) => {
      const count = Math.min(width, MAX_SUMMARIZED_ELEMENTS);
      let mean = 0;
      let squares = 0;
      for (let i = 0; i < count; i++) {
        const value = Number(data[index * width + Math.floor((i * width) / count)]);
        const delta = value - mean;
        mean += delta / (i + 1);
        squares += delta * (value - mean);
      }
      row[`${name}.mean`] = mean;
      row[`${name}.std`] = Math.sqrt(squares / count);
    },
  };
}

/** Of token ids and the like, whose values are names. */
function rowLength(name: string): TensorReader {
  return {
    tensor: name,
    features: { [`${name}.length`]: "numeric" },
    width: null,
    write: (_tensor, _index, width, row) => {
      row[`${name}.length`] = width;
    },
  };
}

function kindOf({ kind }: Tensor): FeatureKind {
  return kind === "number" || kind === "integer" ? "numeric" : "categorical";
}
