import { type BinnedRow, countMultivariate, type MultivariateCounts, multivariateModel } from "@tidemark/signals";
import { RowReader } from "../store/row-reader.ts";
import type { Store } from "../store/store.ts";
import { equalSample } from "./equal-sample.ts";
import { createCellReader, inputColumns } from "./input-cells.ts";
import { type InputPlaces, readInputPlaces } from "./input-places.ts";
import { slotOfHours } from "./season-slot.ts";
import { binOfCell } from "./value-cell.ts";
import { WINDOW_CONDITION, type WindowRequest, windowParameters } from "./window-request.ts";

/** Rows of a window whose features are looked at together, unless the configuration says otherwise. */
const DEFAULT_ROWS = 2_000;

/**
 * At most 2,000 predictions of a window with inputs (`drift.multivariateRows`), the first by a hash of their ids times their
 * sampling probability: always the same ones, and each as rare as it was sampled likely, so that all count the same; placed in the joint
 * distribution of the profile's features. Null where the profile has none, or no record has inputs.
 */
export async function readMultivariate(
  store: Store,
  request: Pick<WindowRequest, "key" | "profile" | "window" | "multivariateRows">,
): Promise<MultivariateCounts | null> {
  const { profile, multivariateRows: limit = DEFAULT_ROWS } = request;
  const model = multivariateModel(profile);
  if (model === null || limit === 0) return null;
  const places = await readInputPlaces(store, request);
  if (places === null) return null;
  const readCells = createCellReader(model.fields, places);
  const sample = await store.queryRowBinary(sampleSql(places), { ...windowParameters(request), limit });
  const reader = new RowReader(sample);
  const slotOf = slotOfHours(profile);
  const rows: BinnedRow[] = [];
  while (!reader.done) {
    const slot = slotOf(reader.uint32());
    const seed = reader.uint32();
    rows.push({ slot, seed, bins: readCells(reader).map((cell, j) => binOfCell(model.fields[j]!, cell) ?? NO_BIN) });
  }
  return countMultivariate(profile, rows);
}

/** Of a feature that a row has no value of. */
const NO_BIN = -1;

/** Other bits than those that the order goes by, of which the first rows have small ones. */
const SEED = "toUInt32(sipHash64(id) % 4294967296)";
const WITH_INPUTS = `${WINDOW_CONDITION} AND notEmpty(input_names)`;
const SAMPLE = equalSample(WITH_INPUTS);

function sampleSql(places: InputPlaces): string {
  return `
    SELECT toUInt32(intDiv(toUnixTimestamp64Nano(ts), 3600000000000)), ${SEED}, ${inputColumns(places).join(", ")}
    FROM prediction FINAL
    WHERE ${WITH_INPUTS} AND ${SAMPLE.isKept}
    ORDER BY ${SAMPLE.place}, id LIMIT {limit:UInt32}`;
}
