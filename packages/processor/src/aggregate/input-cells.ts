import type { CategoricalField, NumericField, ProfileField } from "@tidemark/schema";
import { binOf } from "@tidemark/stats";
import type { RowReader } from "../store/row-reader.ts";
import type { InputPlaces } from "./input-places.ts";
import { CELL, MAX_CATEGORY_CHARACTERS } from "./value-cell.ts";

/** SQL columns that `createCellReader` reads, in this order; names are left out of records with the usual inputs. */
export function inputColumns(places: InputPlaces | null): readonly string[] {
  const names = places === null ? "input_names" : `if(${places.isUsual}, [], input_names)`;
  return [names, "input_kinds", "input_numbers", "input_texts"];
}

/**
 * Reads a record's inputs and finds the cell of each field as `valueCellSql` has it. For samples of some thousand rows, for which the engine
 * takes longer to read the bins of all features than to use them.
 *
 * @param places as given to `inputColumns`.
 */
export function createCellReader(
  fields: readonly ProfileField[],
  places: InputPlaces | null,
): (reader: RowReader) => Int32Array {
  const fieldOf = new Map(fields.map(({ name }, index) => [name, index]));
  const placers = fields.map(createPlacer);
  const isText = fields.map(({ kind }) => kind === "categorical");
  const targetsOf = (names: readonly string[]) => Int32Array.from(names, (name) => fieldOf.get(name) ?? NOT_MEANT);
  const usual = targetsOf(places?.names ?? []);
  return (reader) => {
    const names = reader.strings();
    const kinds = reader.uint8s();
    const numbers = reader.float64s();
    const isUsual = names.length === 0 && kinds.length > 0;
    const targets = isUsual ? usual : targetsOf(names);
    const cells = new Int32Array(fields.length).fill(CELL.absent);
    const count = reader.length();
    for (let place = 0; place < count; place++) {
      const target = targets[place]!;
      // A record that names a feature twice is read by the first, as everywhere.
      if (target === NOT_MEANT || cells[target] !== CELL.absent) {
        reader.skipString();
        continue;
      }
      const kind = kinds[place]!;
      const text = isText[target] && kind > KIND.number ? reader.string() : reader.skipString();
      cells[target] = placers[target]!(kind, numbers[place]!, text);
    }
    return cells;
  };
}

/** An input that is no field. */
const NOT_MEANT = -1;

/** Cell of a value; the text is given where a category's value is one. */
type Placer = (kind: number, value: number, text: string) => number;

/** As the table's enumeration has them; the others are texts. */
const KIND = { null: 0, number: 1 } as const;

function createPlacer(field: ProfileField): Placer {
  return field.kind === "numeric" ? numberPlacer(field) : categoryPlacer(field);
}

function numberPlacer({ boundaries, range: { min, max } }: NumericField): Placer {
  return (kind, value) => {
    if (kind !== KIND.number) return kind === KIND.null ? CELL.missing : CELL.typeMismatch;
    if (!Number.isFinite(value)) return CELL.nonFinite;
    const isOutside = (min !== null && value < min) || (max !== null && value > max);
    return binOf(boundaries, value) + (isOutside ? CELL.outside : 0);
  };
}

function categoryPlacer({ categories, otherCategories }: CategoricalField): Placer {
  const rest = categories.length;
  const cells = new Map(
    [...categories, ...otherCategories].map((category, index) => [category, Math.min(index, rest)]),
  );
  return (kind, value, text) => {
    if (kind === KIND.null) return CELL.missing;
    if (kind === KIND.number && !Number.isFinite(value)) return CELL.nonFinite;
    return cells.get(kind === KIND.number ? String(value) : shortened(text)) ?? rest + 1;
  };
}

/** Texts are compared by so many characters. */
function shortened(text: string): string {
  return text.length <= MAX_CATEGORY_CHARACTERS ? text : [...text].slice(0, MAX_CATEGORY_CHARACTERS).join("");
}
