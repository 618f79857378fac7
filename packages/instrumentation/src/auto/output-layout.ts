import { MAX_PROBABILITY_CLASSES } from "@tidemark/semconv";
import type { ModelConfig, OutputColumn } from "../config/auto-config.ts";
import type { ClassLabel } from "../record/label-text.ts";
import { elementAt, findTensor, rowCount, rowWidth, type Tensor } from "./tensor.ts";

/** Scores, labels, values and probabilities of classes of a call, one entry a row. */
export interface OutputColumns {
  readonly scores?: number[];
  readonly labels?: ClassLabel[];
  readonly values?: number[];
  readonly probabilities?: (() => Record<string, number>)[];
}

/** How predictions are read from the output tensors. Found at the first answer, the same for all later ones. */
export type OutputLayout = (tensors: readonly Tensor[]) => OutputColumns;

type OutputConfig = Pick<ModelConfig, "score" | "label" | "value" | "probabilities" | "classes" | "type" | "events">;
/** Reads one thing of one row. */
type RowReader<T> = (tensors: readonly Tensor[], row: number) => T;

const MAX_CLASSES = 1_000;
const PROBED_ROWS = 8;
/** Of two classes the score says all. */
const LEAST_CLASSES = 3;
/** Probabilities in 32-bit floats add up to 1 within this. */
const SUM_TOLERANCE = 1e-3;
const SCORE_NAME = /prob|score|sigmoid|confidence/i;

/**
 * What is configured holds. Where nothing is: text or whole numbers, one a row, are the label; rows of two or more
 * numbers that are probabilities give the score (of the second of two classes, else the highest) and, failing another,
 * the label, and of three classes or more all of them, where their names are known; one number a row is the score if it is named so or the model is a classification, else the value; of
 * anything else the value is the mean of the row.
 */
export function planOutputs(tensors: readonly Tensor[], config: OutputConfig | null): OutputLayout {
  const isConfigured =
    config !== null && (config.score ?? config.label ?? config.value ?? config.probabilities) !== null;
  const readers = isConfigured ? configured(config) : discovered(tensors, config);
  return (given) => {
    const rows = given[0] === undefined ? 0 : rowCount(given[0]);
    const columns: { -readonly [K in keyof OutputColumns]: OutputColumns[K] } = {};
    if (readers.score !== undefined) columns.scores = readColumn(readers.score, given, rows);
    if (readers.label !== undefined) columns.labels = readColumn(readers.label, given, rows);
    if (readers.value !== undefined) columns.values = readColumn(readers.value, given, rows);
    // They travel with events alone.
    if (readers.probabilities !== undefined && config?.events !== false)
      columns.probabilities = readColumn(readers.probabilities, given, rows);
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
  readonly probabilities?: RowReader<() => Record<string, number>>;
}

function configured({ score, label, value, probabilities, classes }: OutputConfig): Readers {
  return {
    ...(score && { score: numberReader(score) }),
    ...(label && { label: labelReader(label, classes) }),
    ...(value && { value: numberReader(value) }),
    ...(probabilities && { probabilities: probabilitiesReader(probabilities, classes) }),
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
    const width = rowWidth(probabilities);
    // A label of the model's own may go by other names than the places of the classes.
    const isNamed = label === undefined || (classes !== null && classes.length >= width);
    const isWhole = width >= LEAST_CLASSES && width <= MAX_PROBABILITY_CLASSES;
    return {
      score,
      ...(label ?? { label: labelReader({ tensor: name, column: null }, classes) }),
      ...(isNamed && isWhole && { probabilities: probabilitiesReader(name, classes) }),
    };
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

/** By the classes' names, or by their places; put together for the few rows that have an event. */
function probabilitiesReader(name: string, classes: readonly string[] | null): RowReader<() => Record<string, number>> {
  return (given, row) => () => {
    const tensor = findTensor(given, name);
    const width = tensor === undefined ? 0 : rowWidth(tensor);
    const byClass: Record<string, number> = {};
    for (let i = 0; i < width; i++) byClass[classes?.[i] ?? String(i)] = Number(tensor!.data[row * width + i]);
    return byClass;
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
