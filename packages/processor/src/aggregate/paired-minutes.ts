import type { OutcomeKind } from "@tidemark/schema";
import type { PairedMinute, TaskLoss } from "@tidemark/signals";
import { resolvedOutcomes } from "../store/resolved-outcomes.ts";
import { RowReader } from "../store/row-reader.ts";
import type { Store } from "../store/store.ts";
import { instant, WINDOW_CONDITION, type WindowRequest, windowParameters } from "./window-request.ts";

const MINUTE_MS = 60_000;
/** The champion's answer to a request may carry a time that differs by as much. */
const ANSWER_GAP_MS = 3_600_000;

/**
 * The requests of a window that the champion answered too, by minute of the challenger's prediction, in order. `asked`
 * counts all of them; `pairs` those whose outcome happened within the horizon and can be scored. Every pair counts once, whatever
 * its sampling probability. Of several champion versions that answered one request the last by name counts.
 */
export async function readPairedMinutes(
  store: Store,
  { key, window, outcomeHorizonMs }: Pick<WindowRequest, "key" | "window" | "outcomeHorizonMs">,
  loss: TaskLoss,
): Promise<PairedMinute[]> {
  const bytes = await store.queryRowBinary(PAIRS, {
    ...windowParameters({ key, window }),
    championFrom: window.startMs - ANSWER_GAP_MS,
    championTo: window.endMs + ANSWER_GAP_MS,
  });
  const reader = new RowReader(bytes);
  const minutes: { startMs: number; asked: number; pairs: number; sum: number }[] = [];
  while (!reader.done) {
    const startMs = reader.float64() * MINUTE_MS;
    const champion = readAnswer(reader);
    const challenger = readAnswer(reader);
    const outcome = {
      outcomeKind: reader.string() as OutcomeKind | "",
      outcomeLabel: reader.nullableString(),
      outcomeValue: reader.nullableFloat64(),
      position: null,
    };
    const delayMs = reader.float64();
    let last = minutes.at(-1);
    if (last?.startMs !== startMs) {
      last = { startMs, asked: 0, pairs: 0, sum: 0 };
      minutes.push(last);
    }
    last.asked++;
    if (outcome.outcomeKind === "" || delayMs > outcomeHorizonMs) continue;
    const known = { ...outcome, outcomeKind: outcome.outcomeKind };
    const [ours, theirs] = [loss.of(challenger, known), loss.of(champion, known)];
    if (ours === null || theirs === null) continue;
    last.pairs++;
    last.sum += ours - theirs;
  }
  return minutes;
}

function readAnswer(reader: RowReader) {
  return { score: reader.nullableFloat64(), label: reader.nullableString(), value: reader.nullableFloat64() };
}

const LABEL = "CAST(label AS Nullable(String)) AS label";
const IDS = `(SELECT id FROM prediction WHERE ${WINDOW_CONDITION})`;
const PAIRS = `
  SELECT toFloat64(intDiv(toUnixTimestamp64Milli(p.ts), ${MINUTE_MS})), c.answer.1, c.answer.2, c.answer.3, p.score, p.label, p.value,
    o.kind, o.label, o.value,
    toFloat64(if(o.kind = '', 0, toUnixTimestamp64Milli(o.ots) - toUnixTimestamp64Milli(p.ts)))
  FROM (SELECT id, ts, score, ${LABEL}, value FROM prediction FINAL WHERE ${WINDOW_CONDITION}) AS p
  INNER JOIN (
    SELECT id, argMax(tuple(score, CAST(label AS Nullable(String)), value), version) AS answer FROM prediction FINAL
    WHERE tenant = {tenant:String} AND model = {model:String} AND role = 'champion'
      AND ts >= ${instant("championFrom")} AND ts < ${instant("championTo")} AND id IN ${IDS}
    GROUP BY id
  ) AS c ON c.id = p.id
  LEFT JOIN (${resolvedOutcomes(`tenant = {tenant:String} AND model = {model:String} AND id IN ${IDS}`)}) AS o ON o.id = p.id
  ORDER BY p.ts, p.id`;
