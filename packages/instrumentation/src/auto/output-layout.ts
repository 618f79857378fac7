import type { ModelConfig, OutputColumn } from "../config/auto-config.ts";
import type { ClassLabel } from "../record/label-text.ts";
import { elementAt, findTensor, rowCount, rowWidth, type Tensor } from "./tensor.ts";

/** Scores, labels and values of a call, one entry a row. */
export interface OutputColumns {
  readonly scores?: number[];
  readonly labels?: ClassLabel[];
  readonly values?: number[];
}

/** How predictions are read from the output tensors. Found at the first answer, the same for all later ones. */
export type OutputLayout = (tensors: readonly Tensor[]) => OutputColumns;

type OutputConfig = Pick<ModelConfig, "score" | "label" | "value" | "classes" | "type">;
/** Reads one thing of one row. */
type RowReader<T> = (tensors: readonly Tensor[], row: number) => T;

const MAX_CLASSES = 1_000;
const PROBED_ROWS = 8;
/** Probabilities in 32-bit floats add up to 1 within this. */
const SUM_TOLERANCE = 1e-3;
const SCORE_NAME = /prob|score|sigmoid|confidence/i;

/**
 * What is configured holds. Where nothing is: text or whole numbers, one a row, are the label; rows of two or more
 * numbers that are probabilities give the score (of the second of two classes, else the highest) and, failing another,
 * the label; one number a row is the score if it is named so or the model is a classification, else the value; of
 * anything else the value is the mean of the row.
 */
export function planOutputs(tensors: readonly Tensor[], config: OutputConfig | null): OutputLayout {
  const isConfigured = config !== null && (config.score ?? config.label ?? config.value) !== null;
  const readers = isConfigured ? configured(config) : discovered(tensors, config);
  return (given) => {
    const rows = given[0] === undefined ? 0 : rowCount(given[0]);
    const columns: { scores?: number[]; labels?: ClassLabel[]; values?: number[] } = {};
    if (readers.score !== undefined) columns.scores = readColumn(readers.score, given, rows);
    if (readers.label !== undefined) columns.labels = readColumn(readers.label, given, rows);
    if (readers.value !== undefined) columns.values = readColumn(readers.value, given, rows);
    return columns;
  };
}

function readColumn<T>(read: RowReader<T>, given: readonly Tensor[], rows: number): T[] {
  const column: T[] = [];
  for (let row = 0; row < rows; row++) column.push(read(given, row));
  return column;
}

interface Readers {
  readonly score?: RowReader<number>;
  readonly label?: RowReader<ClassLabel>;
  readonly value?: RowReader<number>;
}

function configured({ score, label, value, classes }: OutputConfig): Readers {
  return {
    ...(score && { score: numberReader(score) }),
    ...(label && { label: labelReader(label, classes) }),
    ...(value && { value: numberReader(value) }),
  };
}

function discovered(tensors: readonly Tensor[], config: OutputConfig | null): Readers {
  const classes = config?.classes ?? null;
  const labelled = tensors.find((tensor) => isSingle(tensor) && tensor.kind !== "number" && tensor.kind !== "other");
  const label = labelled && { label: labelReader({ tensor: labelled.name, column: null }, classes) };
  const numbers = tensors.filter(({ kind }) => kind === "number");
  const probabilities = numbers.find(areProbabilities);
  if (probabilities !== undefined) {
    const { name } = probabilities;
    const score: RowReader<number> = (given, row) => scoreOf(given, name, row);
    return { score, ...(label ?? { label: labelReader({ tensor: name, column: null }, classes) }) };
  }
  const single = numbers.find(isSingle);
  if (single !== undefined) {
    const read = numberReader({ tensor: single.name, column: null });
    const isScore = config?.type === "classification" || (config?.type == null && SCORE_NAME.test(single.name));
    return isScore ? { score: read, ...label } : { value: read, ...label };
  }
  const first = numbers[0];
  return { ...label, ...(first && { value: (given, row) => meanOf(given, first.name, row) }) };
}

/** Without a column: the only one, or the second of two, which is the positive class. */
function numberReader({ tensor: name, column }: OutputColumn): RowReader<number> {
  return (given, row) => {
    const tensor = findTensor(given, name);
    if (tensor === undefined) return Number.NaN;
    const width = rowWidth(tensor);
    return Number(elementAt(tensor, row * width + (column ?? (width === 2 ? 1 : 0))));
  };
}

/** The class named by the element, or by the highest element of the row. */
function labelReader({ tensor: name, column }: OutputColumn, classes: readonly string[] | null): RowReader<ClassLabel> {
  return (given, row) => {
    const tensor = findTensor(given, name);
    const width = tensor === undefined ? 0 : rowWidth(tensor);
    if (tensor === undefined || width === 0) return "";
    const element =
      column === null && width > 1 ? highestOf(tensor, row, width) : elementAt(tensor, row * width + (column ?? 0));
    const named = typeof element === "number" ? classes?.[element] : undefined;
    return named ?? (element as ClassLabel);
  };
}

function scoreOf(given: readonly Tensor[], name: string, row: number): number {
  const tensor = findTensor(given, name);
  if (tensor === undefined) return Number.NaN;
  const width = rowWidth(tensor);
  return Number(tensor.data[row * width + (width === 2 ? 1 : highestOf(tensor, row, width))]);
}

function highestOf({ data }: Tensor, row: number, width: number): number {
  let best = 0;
  for (let i = 1; i < width; i++) if (Number(data[row * width + i]) > Number(data[row * width + best])) best = i;
  return best;
}

function meanOf(given: readonly Tensor[], name: string, row: number): number {
  const tensor = findTensor(given, name);
  if (tensor === undefined) return Number.NaN;
  const width = rowWidth(tensor);
  let sum = 0;
  for (let i = 0; i < width; i++) sum += Number(tensor.data[row * width + i]);
  return sum / width;
}

function areProbabilities(tensor: Tensor): boolean {
  const width = rowWidth(tensor);
  if (tensor.dims.length !== 2 || width < 2 || width > MAX_CLASSES) return false;
  for (let row = 0; row < Math.min(rowCount(tensor), PROBED_ROWS); row++) {
    let sum = 0;
    for (let i = 0; i < width; i++) {
      const value = Number(tensor.data[row * width + i]);
      if (!(value >= 0 && value <= 1)) return false;
      sum += value;
    }
    if (Math.abs(sum - 1) > SUM_TOLERANCE) return false;
  }
  return true;
}

function isSingle(tensor: Tensor): boolean {
  return rowWidth(tensor) === 1;
}
