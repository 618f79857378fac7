import type { CategoricalField, ModelConfig, Profile } from "@tidemark/schema";
import type { PatternCounts } from "@tidemark/signals";
import { quoteText } from "../store/quote.ts";
import type { Store } from "../store/store.ts";
import { rowWeights } from "./sampling-weights.ts";
import { MAX_CATEGORY_CHARACTERS } from "./value-cell.ts";
import { WINDOW_CONDITION, type WindowRequest, windowParameters } from "./window-request.ts";

/**
 * How many values of a window have not the form that is expected of their feature, by the configuration or by the profile; from
 * records that carry inputs. Features that none of them names are left out. The engine's `match` is RE2: linear in the text, whatever the pattern.
 */
export async function readPatternCounts(
  store: Store,
  request: Pick<WindowRequest, "key" | "profile" | "window" | "patterns">,
): Promise<PatternCounts[]> {
  const expected = expectedPatterns(request.profile, request.patterns);
  if (expected.length === 0) return [];
  const values = expected.map(({ field }, index) => {
    const at = `indexOf(input_names, ${quoteText(field.name)})`;
    const text = `if(input_kinds[${at}] = 'number', toString(input_numbers[${at}]), substringUTF8(input_texts[${at}], 1, ${MAX_CATEGORY_CHARACTERS}))`;
    return `${at} > 0 AND input_kinds[${at}] != 'null' AS has${index}, ${text} AS text${index}`;
  });
  const counts = expected.map(
    ({ expression }, index) =>
      `toFloat64(countIf(has${index})), toFloat64(countIf(has${index} AND NOT match(text${index}, ${quoteText(wholeText(expression))})))`,
  );
  const rows = await store.query<{ probability: number; total: number; counts: number[] }>(
    `SELECT probability, toFloat64(count()) AS total, [${counts.join(", ")}] AS counts
    FROM (SELECT probability, ${values.join(", ")} FROM prediction FINAL WHERE ${WINDOW_CONDITION} AND notEmpty(input_names))
    GROUP BY probability ORDER BY probability`,
    windowParameters(request),
  );
  const weights = rowWeights(rows.map(({ probability, total }) => ({ probability, count: total })));
  const sum = (place: number) =>
    rows.reduce((total, row) => total + row.counts[place]! * weights.get(row.probability)!, 0);
  return expected.flatMap(({ field, expression }, index) => {
    const total = sum(2 * index);
    return total === 0 ? [] : [{ name: field.name, expression, rows: total, broken: sum(2 * index + 1) }];
  });
}

/** A pattern for the engine, of the whole text: `$` alone would let a line break pass. */
export function wholeText(expression: string): string {
  return `\\A(?:${expression})\\z`;
}

/** The configuration's pattern of a feature comes before the one that the profile inferred. */
function expectedPatterns(
  profile: Profile,
  configured: ModelConfig["quality"]["pattern"],
): { field: CategoricalField; expression: string }[] {
  return profile.fields.flatMap((field) => {
    if (field.target !== "feature" || field.kind !== "categorical") return [];
    const expression = configured?.[field.name] ?? field.pattern?.expression;
    return expression === undefined ? [] : [{ field, expression }];
  });
}
