import type { OutcomeKind } from "@tidemark/schema";
import { EnsembleSummer, type EnsembleSums, type EnsembleTask } from "@tidemark/signals";
import { resolvedOutcomes } from "../store/resolved-outcomes.ts";
import { RowReader } from "../store/row-reader.ts";
import type { Store } from "../store/store.ts";
import { WINDOW_CONDITION, type WindowRequest, windowParameters } from "./window-request.ts";

/** Members of an ensemble that are judged: those that answered most. */
const MAX_MEMBERS = 16;

/**
 * What a window's predictions and outcomes say of an ensemble and its members; null where no member answered. Members that
 * answered less than half of the predictions, or beyond the 16 that answered most, take no part. Every row counts once, whatever its
 * sampling probability.
 */
export async function readEnsembleSums(
  store: Store,
  { key, window, outcomeHorizonMs }: Pick<WindowRequest, "key" | "window" | "outcomeHorizonMs">,
  task: EnsembleTask,
): Promise<EnsembleSums | null> {
  const parameters = windowParameters({ key, window });
  const found = await store.query<{ name: string; answered: number; predictions: number }>(MEMBERS, parameters);
  const often = found.filter(({ answered, predictions }) => 2 * answered >= predictions).slice(0, MAX_MEMBERS);
  const members = often.map(({ name }) => name).toSorted();
  if (members.length === 0) return null;
  const summer = new EnsembleSummer(task, members, { ...window, predictions: found[0]!.predictions });
  const reader = new RowReader(await store.queryRowBinary(ROWS, { ...parameters, members }));
  while (!reader.done) {
    const timeMs = reader.float64();
    const answer = { score: reader.nullableFloat64(), label: reader.nullableString(), value: reader.nullableFloat64() };
    const numbers = Array.from({ length: reader.length() }, () => reader.float64());
    const texts = Array.from({ length: reader.length() }, () => reader.string());
    const outcome = {
      outcomeKind: reader.string() as OutcomeKind | "",
      outcomeLabel: reader.nullableString(),
      outcomeValue: reader.nullableFloat64(),
      position: null,
    };
    const delayMs = reader.float64();
    const isKnown = outcome.outcomeKind !== "" && delayMs <= outcomeHorizonMs;
    const known = isKnown ? { ...outcome, outcomeKind: outcome.outcomeKind as OutcomeKind } : null;
    summer.add({ timeMs, answer, numbers, texts, outcome: known });
  }
  return summer.sums;
}

/** Plain texts: a lambda over arrays of LowCardinality took ten times as long. */
const ANSWERS = `(
    SELECT id, ts, CAST(members AS Array(String)) AS members, numbers, CAST(texts AS Array(String)) AS texts
    FROM member_answer FINAL WHERE ${WINDOW_CONDITION}
  )`;

const MEMBERS = `
  SELECT name, toFloat64(count()) AS answered, (SELECT toFloat64(count()) FROM ${ANSWERS}) AS predictions
  FROM ${ANSWERS} ARRAY JOIN members AS name, numbers AS number, texts AS text
  WHERE text != '' OR NOT isNaN(number)
  GROUP BY name ORDER BY answered DESC, name`;

/** A name that is not there has index 0, whose element is the type's default: NaN must be said. */
const ROWS = `
  SELECT toFloat64(toUnixTimestamp64Milli(p.ts)), p.score, p.label, p.value,
    arrayMap(name -> if(has(m.members, name), m.numbers[indexOf(m.members, name)], nan), {members:Array(String)}),
    arrayMap(name -> m.texts[indexOf(m.members, name)], {members:Array(String)}),
    o.kind, o.label, o.value,
    toFloat64(if(o.kind = '', 0, toUnixTimestamp64Milli(o.ots) - toUnixTimestamp64Milli(p.ts)))
  FROM (SELECT id, ts, score, CAST(label AS Nullable(String)) AS label, value FROM prediction FINAL WHERE ${WINDOW_CONDITION}) AS p
  INNER JOIN ${ANSWERS} AS m ON m.id = p.id AND m.ts = p.ts
  LEFT JOIN (${resolvedOutcomes(`tenant = {tenant:String} AND model = {model:String} AND id IN (SELECT id FROM member_answer WHERE ${WINDOW_CONDITION})`)}) AS o ON o.id = p.id
  ORDER BY p.ts, p.id`;
