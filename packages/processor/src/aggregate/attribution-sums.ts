import type { AttributionSums } from "@tidemark/signals";
import type { Store } from "../store/store.ts";
import { WINDOW_CONDITION, type WindowRequest, windowParameters } from "./window-request.ts";

/** Parts that rows are dealt into by their ids; intervals come from leaving out one at a time. */
const PARTS = 20;

/**
 * How much each feature moved the predictions of a window, by the attributions that the service recorded: sums of absolute values, each
 * over its inclusion probability, in up to twenty parts of the rows. Summed in fixed point (steps of 2^-40), so that the order in which
 * rows lie does not change a bit. Null where none were recorded.
 */
export async function readAttributionSums(
  store: Store,
  request: Pick<WindowRequest, "key" | "window">,
): Promise<AttributionSums | null> {
  const parameters = windowParameters(request);
  const parts = await store.query<{ part: number; rows: number }>(ROWS, parameters);
  if (parts.length === 0) return null;
  const sums = await store.query<{ part: number; name: string; total: number }>(SUMS, parameters);
  return {
    rows: parts.reduce((total, { rows }) => total + rows, 0),
    parts: parts.map(({ part }) =>
      Object.fromEntries(sums.filter((row) => row.part === part).map(({ name, total }) => [name, total])),
    ),
  };
}

const PART = `toUInt8(cityHash64(id) % ${PARTS}) AS part`;
const ROWS = `SELECT ${PART}, toFloat64(count()) AS rows FROM attribution FINAL WHERE ${WINDOW_CONDITION} GROUP BY part ORDER BY part`;
const SUMS = `
  SELECT part, pair.1 AS name, toFloat64(sum(toInt128(least(abs(pair.2) / probability, 1e24) * 1099511627776))) / 1099511627776 AS total
  FROM (SELECT ${PART}, probability, arrayJoin(arrayZip(names, values)) AS pair FROM attribution FINAL WHERE ${WINDOW_CONDITION})
  GROUP BY part, name ORDER BY part, name`;
