import type { CategoricalField, NumericField, ProfileField } from "@tidemark/schema";
import type { ValueState } from "@tidemark/semconv";
import { quoteNumber, quoteText } from "../store/quote.ts";
import type { FieldBuilder } from "./field-builder.ts";

/** Cells of values that fall in no bin. */
export const CELL = { missing: -1, typeMismatch: -2, nonFinite: -3, absent: -4, outside: 100_000 } as const;
export const MAX_CATEGORY_CHARACTERS = 1_024;

type Categories = Pick<CategoricalField, "categories" | "otherCategories">;

/**
 * SQL of a value's cell: what the instrumentation counts it as, in one integer. Numeric: the bin, plus 100,000 outside the
 * profile's range. Categorical: the index of the category, then one for known others and one for unseen. Negative: no bin.
 * Column names are the prediction table's.
 *
 * @param place the feature's place among the inputs from 1, 0 where it is not among them; searched by name in every record where absent.
 */
export function valueCellSql(field: ProfileField, place?: number): string {
  if (field.target !== "feature") return fieldColumnCell(field, field.name);
  if (place === 0) return `toInt32(${CELL.absent})`;
  const at = place ?? `indexOf(input_names, ${quoteText(field.name)})`;
  const isAbsent = place === undefined ? `${at} = 0, ${CELL.absent}, ` : "";
  const cell = field.kind === "numeric" ? numericInputCell(field, `${at}`) : categoricalInputCell(field, `${at}`);
  return `multiIf(${isAbsent}${cell})`;
}

/** SQL of the cell of a finite or non-finite number. */
export function numberCellSql(field: Pick<NumericField, "boundaries" | "range">, value: string): string {
  return `if(isFinite(${value}), ${finiteCellSql(field, value)}, ${CELL.nonFinite})`;
}

function finiteCellSql(field: Pick<NumericField, "boundaries" | "range">, value: string): string {
  // The bin is the number of boundaries below the value: a binary search among the negated boundaries.
  const negated = [Number.NEGATIVE_INFINITY, ...field.boundaries.map((boundary) => 0 - boundary).reverse()];
  const list = `[${negated.map(quoteNumber).join()}]`;
  const bin = `transform(roundDown(-${value}, ${list}), ${list}, reverse(range(${negated.length})), 0)`;
  const { min, max } = field.range;
  const outside = [
    ...(min === null ? [] : [`${value} < ${quoteNumber(min)}`]),
    ...(max === null ? [] : [`${value} > ${quoteNumber(max)}`]),
  ];
  const shift = outside.length === 0 ? "" : ` + if(${outside.join(" OR ")}, ${CELL.outside}, 0)`;
  return `toInt32(${bin})${shift}`;
}

/** SQL of the cell of a text. */
export function textCellSql(field: Categories, text: string): string {
  return transformTo(field, `substringUTF8(${text}, 1, ${MAX_CATEGORY_CHARACTERS})`, quoteText, (category) => category);
}

/** Fine bin of a cell; null where the value is in none. */
export function binOfCell(field: ProfileField, cell: number): number | null {
  if (cell < 0) return null;
  if (field.kind === "categorical") return Math.min(cell, field.categories.length);
  return cell >= CELL.outside ? cell - CELL.outside : cell;
}

/** Whether a cell says that the record does not name the feature at all. */
export function isAbsent(cell: number): boolean {
  return cell === CELL.absent;
}

/** Adds the values of one cell to a field's counts. A feature that a record does not name is missing. */
export function addCell(builder: FieldBuilder, field: ProfileField, slot: number, cell: number, count: number): void {
  if (cell === CELL.missing || cell === CELL.absent) builder.addState(slot, "missing", count);
  else if (cell === CELL.typeMismatch) builder.addState(slot, "type_mismatch", count);
  else if (cell === CELL.nonFinite) builder.addState(slot, "non_finite", count);
  else {
    builder.addBin(slot, binOfCell(field, cell)!, count);
    builder.addState(slot, stateOfBinned(field, cell), count);
  }
}

function stateOfBinned(field: ProfileField, cell: number): ValueState {
  if (field.kind === "numeric") return cell >= CELL.outside ? "out_of_range" : "valid";
  return cell > field.categories.length ? "unseen_category" : "valid";
}

function fieldColumnCell(field: ProfileField, column: string): string {
  const cell =
    field.kind === "numeric"
      ? numberCellSql(field, `assumeNotNull(${column})`)
      : textCellSql(field, `assumeNotNull(${column})`);
  return `if(isNull(${column}), ${CELL.missing}, ${cell})`;
}

/** Only numbers have a finite one, and most values are: the kind is looked at where it is not. */
function numericInputCell(field: NumericField, at: string): string {
  const value = `input_numbers[${at}]`;
  const kind = `input_kinds[${at}]`;
  return `isFinite(${value}), ${finiteCellSql(field, value)}, ${kind} = 'null', ${CELL.missing}, ${kind} != 'number', ${CELL.typeMismatch}, ${CELL.nonFinite}`;
}

function categoricalInputCell(field: CategoricalField, at: string): string {
  const value = `input_numbers[${at}]`;
  const kind = `input_kinds[${at}]`;
  const number = numberCategoryCell(field, value);
  return `${kind} = 'null', ${CELL.missing}, ${kind} != 'number', ${textCellSql(field, `input_texts[${at}]`)}, NOT isFinite(${value}), ${CELL.nonFinite}, ${number}`;
}

/** Categories that are the text of a number, looked up by the number itself: its text is JavaScript's affair. */
function numberCategoryCell(field: Categories, value: string): string {
  return transformTo(field, value, quoteNumber, (category) => {
    const number = Number(category);
    return Number.isFinite(number) && String(number) === category ? number : null;
  });
}

function transformTo<T>(
  field: Categories,
  value: string,
  quote: (key: T) => string,
  keyOf: (category: string) => T | null,
): string {
  const rest = field.categories.length;
  const entries: [T, number][] = [];
  [...field.categories, ...field.otherCategories].forEach((category, index) => {
    const key = keyOf(category);
    if (key !== null) entries.push([key, Math.min(index, rest)]);
  });
  if (entries.length === 0) return `toInt32(${rest + 1})`;
  const keys = entries.map(([key]) => quote(key)).join();
  return `toInt32(transform(${value}, [${keys}], [${entries.map(([, cell]) => cell).join()}], ${rest + 1}))`;
}
