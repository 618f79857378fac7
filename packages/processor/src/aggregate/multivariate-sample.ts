import type { ProfileField } from "@tidemark/schema";
import { type BinnedRow, countMultivariate, type MultivariateCounts, multivariateModel } from "@tidemark/signals";
import { binOf } from "@tidemark/stats";
import { RowReader } from "../store/row-reader.ts";
import type { Store } from "../store/store.ts";
import { slotOfHour } from "./season-slot.ts";
import { MAX_CATEGORY_CHARACTERS } from "./value-cell.ts";
import { WINDOW_CONDITION, type WindowRequest, windowParameters } from "./window-request.ts";

/** Rows of a window whose features are looked at together, unless the configuration says otherwise. */
const DEFAULT_ROWS = 2_000;
const NO_BIN = -1;

/**
 * At most 2,000 predictions of a window with inputs (`drift.multivariateRows`), the first by a hash of their ids times their
 * sampling probability: always the same ones, and each as rare as it was sampled likely, so that all count the same; placed in the joint
 * distribution of the profile's features. Null where the profile has none, or no record has inputs.
 *
 * Values are placed here and not by SQL: for so few rows the engine takes longer to read the bins of all features than to use them.
 */
export async function readMultivariate(
  store: Store,
  request: Pick<WindowRequest, "key" | "profile" | "window" | "multivariateRows">,
): Promise<MultivariateCounts | null> {
  const { profile, multivariateRows: limit = DEFAULT_ROWS } = request;
  const model = multivariateModel(profile);
  if (model === null || limit === 0) return null;
  const places = new Map(model.fields.map((field, place) => [field.name, place]));
  const placers = model.fields.map(createPlacer);
  const reader = new RowReader(await store.queryRowBinary(SAMPLE, { ...windowParameters(request), limit }));
  const rows: BinnedRow[] = [];
  while (!reader.done) rows.push(readRow(reader, placers, places, profile.season));
  return countMultivariate(profile, rows);
}

function readRow(
  reader: RowReader,
  placers: readonly Placer[],
  places: ReadonlyMap<string, number>,
  season: Parameters<typeof slotOfHour>[0],
): BinnedRow {
  const slot = slotOfHour(season, reader.uint32());
  const bins = new Int32Array(placers.length).fill(NO_BIN);
  const names = listOf(reader, () => reader.string());
  const kinds = listOf(reader, () => reader.uint8());
  const numbers = listOf(reader, () => reader.float64());
  const texts = listOf(reader, () => reader.string());
  // A record that names a feature twice is read by the first, as everywhere.
  for (let index = names.length - 1; index >= 0; index--) {
    const place = places.get(names[index]!);
    if (place !== undefined) bins[place] = placers[place]!(kinds[index]!, numbers[index]!, texts[index]!);
  }
  return { slot, bins };
}

/** Fine bin of a value as `valueCellSql` has it; `NO_BIN` for none. */
type Placer = (kind: number, value: number, text: string) => number;

/** As the table's enumeration has them. */
const KIND = { null: 0, number: 1 } as const;

function createPlacer(field: ProfileField): Placer {
  if (field.kind === "numeric") {
    return (kind, value) => (kind === KIND.number && Number.isFinite(value) ? binOf(field.boundaries, value) : NO_BIN);
  }
  const bins = new Map(field.categories.map((category, bin) => [category, bin]));
  const rest = field.categories.length;
  return (kind, value, text) => {
    if (kind === KIND.null || (kind === KIND.number && !Number.isFinite(value))) return NO_BIN;
    return bins.get(kind === KIND.number ? String(value) : shortened(text)) ?? rest;
  };
}

/** Texts are compared by so many characters. */
function shortened(text: string): string {
  return text.length <= MAX_CATEGORY_CHARACTERS ? text : [...text].slice(0, MAX_CATEGORY_CHARACTERS).join("");
}

function listOf<T>(reader: RowReader, read: () => T): T[] {
  return Array.from({ length: reader.length() }, read);
}

const HASH = "sipHash64(id)";
const WITH_INPUTS = `${WINDOW_CONDITION} AND notEmpty(input_names)`;
const EQUALLY_LIKELY = `${HASH} / 18446744073709551616. < (SELECT min(probability) FROM prediction WHERE ${WITH_INPUTS}) / probability`;
const SAMPLE = `
  SELECT toUInt32(intDiv(toUnixTimestamp64Nano(ts), 3600000000000)), input_names, input_kinds, input_numbers, input_texts
  FROM prediction FINAL
  WHERE ${WITH_INPUTS} AND ${EQUALLY_LIKELY}
  ORDER BY ${HASH} * probability, id LIMIT {limit:UInt32}`;
