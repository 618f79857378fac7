import type { Inputs } from "../record/record-types.ts";

/**
 * Reads named values of an inputs object. Finite numbers of numeric features go into `row`, everything else into
 * `others`, each at the position of its name; `row` is NaN wherever `others` has the value. Returns how many of the
 * names had a value other than undefined. Throws what a getter or proxy throws.
 */
export type ValueReader = (inputs: Inputs, row: Float64Array, others: unknown[]) => number;

/** What the values under a name are read for. */
export interface ReadName {
  readonly name: string;
  /** Position in `row` and `others`. */
  readonly position: number;
  /** `ignored`: only looked at, to tell it from an unknown name. */
  readonly kind: "numeric" | "categorical" | "vector" | "ignored";
}

/** Longer generated functions are not optimized well. */
const NAMES_PER_FUNCTION = 50;

/**
 * Makes the readers of some names, to be called one after the other.
 *
 * A property whose name stands in the program is read in a nanosecond, one whose name is in a variable in twenty. So the
 * reader is generated from the names (each a JSON string literal, nothing else of them gets into the program). Where
 * the process forbids code from strings, the same is done by name, more slowly.
 */
export function compileReaders(names: readonly ReadName[]): readonly ValueReader[] {
  const readers: ValueReader[] = [];
  for (let from = 0; from < names.length; from += NAMES_PER_FUNCTION) {
    readers.push(compileReader(names.slice(from, from + NAMES_PER_FUNCTION)));
  }
  return readers;
}

/** The same without generated code: for processes that forbid it, and as what the generated code is tested against. */
export function createPlainReader(names: readonly ReadName[]): ValueReader {
  return (inputs, row, others) => {
    let found = 0;
    for (const { name, position, kind } of names) {
      const value = inputs[name];
      if (value !== undefined) found++;
      if (kind === "ignored") continue;
      const isCountable = kind === "numeric" && typeof value === "number" && Number.isFinite(value);
      if (kind === "numeric") row[position] = isCountable ? value : Number.NaN;
      if (!isCountable) others[position] = value;
    }
    return found;
  };
}

function compileReader(names: readonly ReadName[]): ValueReader {
  const statements = names.map(statementOf).join("\n");
  try {
    return new Function(
      "inputs",
      "row",
      "others",
      `let value, found = 0;\n${statements}\nreturn found;`,
    ) as ValueReader;
  } catch {
    return createPlainReader(names);
  }
}

function statementOf({ name, position, kind }: ReadName): string {
  const read = `value = inputs[${JSON.stringify(name)}]; if (value !== undefined) found++;`;
  if (kind === "ignored") return read;
  if (kind !== "numeric") return `${read} others[${position}] = value;`;
  return `${read}
if (typeof value === "number" && value - value === 0) row[${position}] = value;
else { row[${position}] = NaN; others[${position}] = value; }`;
}
