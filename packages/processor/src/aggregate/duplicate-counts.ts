import { type DuplicateCounts, longestStretch } from "@tidemark/signals";
import { quoteText } from "../store/quote.ts";
import type { Store } from "../store/store.ts";
import { readInputPlaces } from "./input-places.ts";
import { WINDOW_CONDITION, type WindowRequest, windowParameters } from "./window-request.ts";

/**
 * Records of a window that repeat an earlier one's values of the profile's features, all of them, by stretches of the window's time that
 * hold about as many rows as the profile can say something of. Inputs that the profile does not know (an id of the request) do not tell rows
 * apart, and records that lack one of its features are left out. Null where no record has them all, or the profile keeps nothing to compare with.
 *
 * One hash of the input columns a row: 0.07 s of CPU for 100,000 rows of 50 inputs, where they are no more than the profile's features.
 */
export async function readDuplicates(
  store: Store,
  request: Pick<WindowRequest, "key" | "profile" | "window">,
): Promise<DuplicateCounts | null> {
  const { profile, window } = request;
  const features = profile.fields.filter(({ target }) => target === "feature").map(({ name }) => name);
  const longest = profile.duplicates === undefined ? 0 : longestStretch(profile.duplicates);
  if (longest === 0 || features.length === 0) return null;
  const places = await readInputPlaces(store, request);
  if (places === null) return null;
  const { names, isUsual } = places;
  const isKnown = new Set(features);
  // One comparison tells most rows, where looking every name up would cost more than all else.
  const hasAll = `hasAll(input_names, [${features.map(quoteText).join()}])`;
  const isWhole = features.every((name) => names.includes(name)) ? `(${isUsual} OR ${hasAll})` : hasAll;
  const parameters = { ...windowParameters(request), longest, length: window.endMs - window.startMs };
  const hash = hashSql(names, isKnown);
  const stretches = await store.query<{ stretch: number; rows: number; repeats: number; most: number }>(
    `WITH ${STRETCHES}
    SELECT toFloat64(stretch) AS stretch, toFloat64(sum(times)) AS rows, rows - toFloat64(count()) AS repeats, toFloat64(max(times)) AS most
    FROM (
      SELECT ${STRETCH} AS stretch, ${hash} AS hash, count() AS times
      FROM prediction FINAL WHERE ${WINDOW_CONDITION} AND ${isWhole} GROUP BY stretch, hash
    ) GROUP BY stretch ORDER BY stretch`,
    parameters,
  );
  if (stretches.length === 0) return null;
  const found = stretches.reduce((most, next) => (next.most > most.most ? next : most));
  const counts = stretches.map(({ rows, repeats }) => ({ rows, repeats }));
  if (found.most === 1) return { stretches: counts, most: null };
  // Ids are asked for once there is a row that came twice: carrying them along costs a fifth.
  const [most] = await store.query<{ times: number; id: string }>(
    `WITH ${STRETCHES}
    SELECT toFloat64(count()) AS times, min(prediction.id) AS id
    FROM prediction FINAL WHERE ${WINDOW_CONDITION} AND ${isWhole} AND ${STRETCH} = {stretch:Int64}
    GROUP BY ${hash} ORDER BY times DESC, id LIMIT 1`,
    { ...parameters, stretch: found.stretch },
  );
  return { stretches: counts, most: most ?? null };
}

const STRETCHES = `(SELECT greatest(1, toInt64(ceil(count() / {longest:UInt32}))) FROM prediction FINAL WHERE ${WINDOW_CONDITION}) AS stretches`;
const STRETCH = "intDiv((toUnixTimestamp64Milli(ts) - {from:Int64}) * stretches, {length:Int64})";

/** The values, without what is no feature; of records that name the features alone the columns as they are, which costs a fifth. */
function hashSql(usual: readonly string[], isKnown: ReadonlySet<string>): string {
  const isFeature = `has([${[...isKnown].map(quoteText).join()}], name)`;
  const columns = ["input_kinds", "input_numbers", "input_texts"];
  const picked = columns.map((column) => `arrayFilter((value, name) -> ${isFeature}, ${column}, input_names)`);
  const some = `cityHash64(${picked.join(", ")})`;
  if (!usual.every((name) => isKnown.has(name))) return some;
  return `if(length(input_names) = ${isKnown.size}, cityHash64(${columns.join(", ")}), ${some})`;
}
