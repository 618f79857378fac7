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
 * counts all of them; `pairs` those whose outcome happened within the horizon and can be scored. Of several champion versions that answered
 * one request the last by name counts.
 *
 * Where not all requests were recorded with one probability, a pair has the smaller of its two, as both models decide by one hash of the id,
 * and of pairs that were recorded likelier so many are left out, by another hash, that all are equally rare: a mean over the pairs is one
 * over the requests.
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
  const pairs = readPairs(new RowReader(bytes), outcomeHorizonMs, loss);
  const least = pairs.reduce((min, { probability }) => Math.min(min, probability), 1);
  const minutes: { startMs: number; asked: number; pairs: number; sum: number }[] = [];
  for (const { startMs, difference, probability, place } of pairs) {
    if (place >= least / probability) continue;
    let last = minutes.at(-1);
    if (last?.startMs !== startMs) {
      last = { startMs, asked: 0, pairs: 0, sum: 0 };
      minutes.push(last);
    }
    last.asked++;
    if (difference === null) continue;
    last.pairs++;
    last.sum += difference;
  }
  return minutes;
}

interface Pair {
  /** Of the minute, Unix milliseconds. */
  readonly startMs: number;
  /** Loss of the challenger less the champion's; null where it is not known. */
  readonly difference: number | null;
  readonly probability: number;
  /** Uniform in [0, 1), by the id. */
  readonly place: number;
}

function readPairs(reader: RowReader, outcomeHorizonMs: number, loss: TaskLoss): Pair[] {
  const pairs: Pair[] = [];
  while (!reader.done) {
    const startMs = reader.float64() * MINUTE_MS;
    const champion = readAnswer(reader);
    const challenger = readAnswer(reader);
    const outcomeKind = reader.string() as OutcomeKind | "";
    const told = { outcomeLabel: reader.nullableString(), outcomeValue: reader.nullableFloat64(), position: null };
    const delayMs = reader.float64();
    const own = { startMs, probability: reader.float64(), place: reader.float64() };
    if (outcomeKind === "" || delayMs > outcomeHorizonMs) pairs.push({ ...own, difference: null });
    else {
      const outcome = { ...told, outcomeKind };
      const [ours, theirs] = [loss.of(challenger, outcome), loss.of(champion, outcome)];
      pairs.push({ ...own, difference: ours === null || theirs === null ? null : ours - theirs });
    }
  }
  return pairs;
}

function readAnswer(reader: RowReader) {
  return { score: reader.nullableFloat64(), label: reader.nullableString(), value: reader.nullableFloat64() };
}

const LABEL = "CAST(label AS Nullable(String)) AS label";
const IDS = `(SELECT id FROM prediction WHERE ${WINDOW_CONDITION})`;
const PAIRS = `
  SELECT toFloat64(intDiv(toUnixTimestamp64Milli(p.ts), ${MINUTE_MS})), c.answer.1, c.answer.2, c.answer.3, p.score, p.label, p.value,
    o.kind, o.label, o.value,
    toFloat64(if(o.kind = '', 0, toUnixTimestamp64Milli(o.ots) - toUnixTimestamp64Milli(p.ts))),
    least(p.probability, c.answer.4), sipHash64(p.id) / 18446744073709551616.
  FROM (SELECT id, ts, score, ${LABEL}, value, probability FROM prediction FINAL WHERE ${WINDOW_CONDITION}) AS p
  INNER JOIN (
    SELECT id, argMax(tuple(score, CAST(label AS Nullable(String)), value, probability), version) AS answer FROM prediction FINAL
    WHERE tenant = {tenant:String} AND model = {model:String} AND role = 'champion'
      AND ts >= ${instant("championFrom")} AND ts < ${instant("championTo")} AND id IN ${IDS}
    GROUP BY id
  ) AS c ON c.id = p.id
  LEFT JOIN (${resolvedOutcomes(`tenant = {tenant:String} AND model = {model:String} AND id IN ${IDS}`)}) AS o ON o.id = p.id
  ORDER BY p.ts, p.id`;
