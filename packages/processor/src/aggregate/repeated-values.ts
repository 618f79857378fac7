import type { ProfileField } from "@tidemark/schema";
import { type FieldCounts, isRest, mayHaveMore, type RepeatedValue, stuckBins } from "@tidemark/signals";
import { quoteText } from "../store/quote.ts";
import type { Store } from "../store/store.ts";
import { CELL, MAX_CATEGORY_CHARACTERS, valueCellSql } from "./value-cell.ts";
import { WINDOW_CONDITION, type WindowRequest, windowParameters } from "./window-request.ts";

/**
 * The most common value in each bin that has grown so far that one value in it may be stuck (`stuckBins`), from records that carry inputs.
 * Nothing is asked for of windows without such a bin, nor of categories that have a bin of their own.
 */
export async function readRepeatedValues(
  store: Store,
  request: Pick<WindowRequest, "key" | "profile" | "window">,
  counted: readonly FieldCounts[],
): Promise<RepeatedValue[]> {
  const { profile } = request;
  const suspects = profile.fields.flatMap((field): Suspect[] => {
    const counts = counted.find(({ target, name }) => target === field.target && name === field.name);
    const found = counts === undefined ? null : stuckBins(profile, field, counts);
    return (found?.suspects ?? []).map(({ bin }) => ({ field, bin }));
  });
  const named = suspects.flatMap(({ field, bin }) => {
    const value = field.kind === "categorical" ? field.categories[bin] : undefined;
    return value === undefined ? [] : [{ name: field.name, bin, value, share: 1 }];
  });
  const hidden = suspects.filter(({ field, bin }) => field.kind === "numeric" || isRest(field, bin));
  return hidden.length === 0 ? named : [...named, ...(await readHidden(store, request, hidden))];
}

interface Suspect {
  readonly field: ProfileField;
  readonly bin: number;
}

async function readHidden(
  store: Store,
  request: Pick<WindowRequest, "key" | "window">,
  suspects: readonly Suspect[],
): Promise<RepeatedValue[]> {
  const rows = await store.query<{ place: number; share: number; value: number; word: string }>(
    `SELECT toFloat64(place) AS place, toFloat64(max(times)) / toFloat64(sum(times)) AS share,
      argMax((number, text), (times, number, text)) AS most, most.1 AS value, most.2 AS word
    FROM (
      SELECT held.1 AS place, held.2 AS number, held.3 AS text, sum(weight) AS times
      FROM (
        SELECT toUInt64(round(1e6 / probability)) AS weight, arrayJoin(arrayFilter(each -> each.4, [${suspects.map(valueSql).join(", ")}])) AS held
        FROM prediction FINAL WHERE ${WINDOW_CONDITION} AND notEmpty(input_names)
      )
      GROUP BY place, number, text
    )
    GROUP BY place ORDER BY place`,
    windowParameters(request),
  );
  return rows.map(({ place, share, value, word }) => {
    const { field, bin } = suspects[place]!;
    return { name: field.name, bin, value: field.kind === "numeric" || word === "" ? value : word, share };
  });
}

/** Place among the suspects, the value as number and as text, and whether it is in the bin. */
function valueSql({ field, bin }: Suspect, place: number): string {
  const at = `indexOf(input_names, ${quoteText(field.name)})`;
  const number = `input_numbers[${at}]`;
  const cell = valueCellSql(field);
  if (field.kind === "numeric")
    return `(toUInt16(${place}), ${number}, '', (${cell}) IN (${bin}, ${bin + CELL.outside}))`;
  const text = `substringUTF8(input_texts[${at}], 1, ${MAX_CATEGORY_CHARACTERS})`;
  return `(toUInt16(${place}), if(input_kinds[${at}] = 'number', ${number}, 0), toString(${text}), (${cell}) ${mayHaveMore(field) ? ">=" : "="} ${bin})`;
}
