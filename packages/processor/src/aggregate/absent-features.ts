import type { Profile, ProfileField } from "@tidemark/schema";
import { type AbsentFeature, type FieldCounts, valuesOf } from "@tidemark/signals";
import type { Store } from "../store/store.ts";
import { fieldsFromRecords } from "./fields-from-records.ts";
import { readInputPlaces } from "./input-places.ts";
import { WINDOW_CONDITION, type WindowRequest, windowParameters } from "./window-request.ts";

/** What is compared at most: the first features of the profile that went away, with the inputs that come most often. */
const MOST_FEATURES = 5;
const MOST_INPUTS = 20;

/**
 * The features of which no value came while records carry inputs, and the inputs that the profile does not know, counted as if they were
 * these features: has one of them another name now? Asked of the store only where a feature has no value in the window.
 *
 * @param counted what was counted of the window's fields.
 */
export async function readAbsentFeatures(
  store: Store,
  request: WindowRequest,
  counted: readonly FieldCounts[],
): Promise<AbsentFeature[]> {
  const absent = featuresWithout(request.profile, counted).slice(0, MOST_FEATURES);
  if (absent.length === 0 || (await readInputPlaces(store, request)) === null) return [];
  const names = await unknownNames(store, request);
  const found: AbsentFeature[] = [];
  for (const field of absent) {
    const candidates = names.map((name) => ({ ...field, name }));
    const inputs = await fieldsFromRecords(store, request, candidates);
    found.push({ feature: field.name, unknownInputs: inputs.filter((input) => valuesOf(input) > 0) });
  }
  return found;
}

function featuresWithout({ fields }: Profile, counted: readonly FieldCounts[]): ProfileField[] {
  const present = new Set(
    counted.filter((field) => field.target === "feature" && valuesOf(field) > 0).map(({ name }) => name),
  );
  return fields.filter(({ target, name }) => target === "feature" && !present.has(name));
}

/** The most frequent first, of equals in the order of their names. */
async function unknownNames(store: Store, request: WindowRequest): Promise<string[]> {
  const { fields, embeddings = [] } = request.profile;
  const known = new Set(
    [...fields.filter(({ target }) => target === "feature"), ...embeddings].map(({ name }) => name),
  );
  // As many names more as the profile knows are enough to hold the unknown ones, and no list of known ones has to be sent.
  const rows = await store.query<{ name: string }>(
    `SELECT name FROM (
      SELECT arrayJoin(input_names) AS name, times
      FROM (SELECT input_names, count() AS times FROM prediction FINAL WHERE ${WINDOW_CONDITION} GROUP BY input_names)
    ) GROUP BY name ORDER BY sum(times) DESC, name LIMIT ${known.size + MOST_INPUTS}`,
    windowParameters(request),
  );
  return rows
    .map(({ name }) => name)
    .filter((name) => !known.has(name))
    .slice(0, MOST_INPUTS);
}
