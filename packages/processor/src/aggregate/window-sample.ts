import type { OutcomeKind, Profile } from "@tidemark/schema";
import type { SampledRow, WindowSample } from "@tidemark/signals";
import { resolvedOutcomes } from "../store/resolved-outcomes.ts";
import type { Store } from "../store/store.ts";
import { equalSample } from "./equal-sample.ts";
import { type SampledCount, sampleSize } from "./sampling-weights.ts";
import { WINDOW_CONDITION, type WindowRequest, windowParameters } from "./window-request.ts";

type SampleRequest = Pick<WindowRequest, "key" | "profile" | "window" | "outcomeHorizonMs">;

/**
 * At most `limit` predictions of a window that carry inputs, with them and outcomes, chosen by a hash of their ids, so that it is always the
 * same ones, each as rare as it was recorded likely, so that all count the same; in order of time. The total is of requests, recorded or not.
 */
export async function readWindowSample(store: Store, request: SampleRequest, limit: number): Promise<WindowSample> {
  const names = request.profile.fields.filter(({ target }) => target === "feature").map(({ name }) => name);
  const parameters = { ...windowParameters(request), limit };
  const total = sampleSize(await store.query<SampledCount>(COUNTS, parameters)).weighted;
  const rows = total === 0 ? [] : await store.query<Row>(ROWS, parameters);
  return { total, rows: rows.map((row) => toSampled(row, names, request)) };
}

interface Row {
  readonly id: string;
  readonly traceId: string;
  readonly score: number | null;
  readonly label: string | null;
  readonly value: number | null;
  readonly names: readonly string[];
  readonly kinds: readonly string[];
  readonly numbers: readonly (number | null)[];
  readonly texts: readonly string[];
  readonly kind: OutcomeKind | "";
  readonly outcomeLabel: string | null;
  readonly outcomeValue: number | null;
  readonly delayMs: number;
}

function toSampled(row: Row, names: readonly string[], { profile, outcomeHorizonMs }: SampleRequest): SampledRow {
  const { id, traceId, score, label, value, kind, outcomeLabel, outcomeValue, delayMs } = row;
  const kindOf = new Map(profile.fields.map((field) => [field.name, field.kind]));
  const inputs = Object.fromEntries(
    names.flatMap((name) => {
      const at = row.names.indexOf(name);
      return at < 0 ? [] : [[name, inputOf(row, at, kindOf.get(name)!)]];
    }),
  );
  const isKnown = kind !== "" && delayMs <= outcomeHorizonMs;
  const outcome = isKnown ? { outcomeKind: kind, outcomeLabel, outcomeValue, position: null } : null;
  return { id, traceId, score, label, value, inputs, outcome };
}

/** As the feature's kind has it; null for a missing value or one of another type. */
function inputOf(row: Row, at: number, kind: Profile["fields"][number]["kind"]): number | string | null {
  const found = row.kinds[at];
  if (kind === "numeric") return found === "number" ? (row.numbers[at] ?? null) : null;
  if (found === "number") return String(row.numbers[at]);
  return found === "null" ? null : (row.texts[at] ?? null);
}

/** Where inputs are sent of a share of the predictions only, the others say nothing of why something changed. */
const WITH_INPUTS = `${WINDOW_CONDITION} AND notEmpty(input_names)`;
const EQUAL = equalSample(WITH_INPUTS, "cityHash64(id)");
const SAMPLE = `(SELECT id FROM prediction FINAL WHERE ${WITH_INPUTS} AND ${EQUAL.isKept} ORDER BY ${EQUAL.place}, id LIMIT {limit:UInt32})`;
const COUNTS = `SELECT probability, toFloat64(count()) AS count FROM prediction FINAL WHERE ${WINDOW_CONDITION} GROUP BY probability`;
const ROWS = `
  SELECT p.id AS id, p.trace_id AS traceId, p.score AS score, p.label AS label, p.value AS value,
    p.input_names AS names, p.input_kinds AS kinds, p.input_numbers AS numbers, p.input_texts AS texts,
    o.kind AS kind, o.label AS outcomeLabel, o.value AS outcomeValue,
    toFloat64(if(o.kind = '', 0, toUnixTimestamp64Milli(o.ots) - toUnixTimestamp64Milli(p.ts))) AS delayMs
  FROM (SELECT * FROM prediction FINAL WHERE ${WINDOW_CONDITION} AND id IN ${SAMPLE}) AS p
  LEFT JOIN (${resolvedOutcomes(`tenant = {tenant:String} AND model = {model:String} AND id IN ${SAMPLE}`)}) AS o ON o.id = p.id
  ORDER BY p.ts, p.id`;
