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
  const condition = `${WINDOW_CONDITION} AND ${isWhole}`;
  const stretches = await store.query<{ rows: number; repeats: number; most: number; id: string }>(
    `WITH (SELECT greatest(1, toInt64(ceil(count() / {longest:UInt32}))) FROM prediction FINAL WHERE ${WINDOW_CONDITION}) AS stretches
    SELECT stretch, toFloat64(sum(times)) AS rows, rows - toFloat64(count()) AS repeats, toFloat64(max(times)) AS most,
      argMin(first, (-toInt64(times), first)) AS id
    FROM (
      SELECT intDiv((toUnixTimestamp64Milli(ts) - {from:Int64}) * stretches, {length:Int64}) AS stretch, ${hashSql(names, isKnown)} AS hash,
        count() AS times, min(id) AS first
      FROM prediction FINAL WHERE ${condition} GROUP BY stretch, hash
    ) GROUP BY stretch ORDER BY stretch`,
    { ...windowParameters(request), longest, length: window.endMs - window.startMs },
  );
  if (stretches.length === 0) return null;
  const most = stretches.reduce((found, next) => (next.most > found.most ? next : found));
  return {
    stretches: stretches.map(({ rows, repeats }) => ({ rows, repeats })),
    most: most.most === 1 ? null : { times: most.most, id: most.id },
  };
}

/** The values, without what is no feature; of records that name the features alone the columns as they are, which costs a fifth. */
function hashSql(usual: readonly string[], isKnown: ReadonlySet<string>): string {
  const isFeature = `has([${[...isKnown].map(quoteText).join()}], name)`;
  const columns = ["input_kinds", "input_numbers", "input_texts"];
  const picked = columns.map((column) => `arrayFilter((value, name) -> ${isFeature}, ${column}, input_names)`);
  const some = `cityHash64(${picked.join(", ")})`;
  if (!usual.every((name) => isKnown.has(name))) return some;
  return `if(length(input_names) = ${isKnown.size}, cityHash64(${columns.join(", ")}), ${some})`;
}
