import { MAX_PROBABILITY_CLASSES, probabilitySumTolerance } from "@tidemark/semconv";
import type { ClassProbabilities } from "@tidemark/signals";
import { resolvedOutcomes } from "../store/resolved-outcomes.ts";
import { RowReader } from "../store/row-reader.ts";
import type { Store } from "../store/store.ts";
import { segmentValueSql } from "./segment-groups.ts";
import { WINDOW_CONDITION, type WindowRequest, windowParameters } from "./window-request.ts";

/** Predictions with an outcome whose probabilities are scored: their standard errors are then a hundredth of what one row's would be. */
const MAX_ROWS = 20_000;

const MICROSECONDS_PER_MS = 1_000;

/**
 * The probabilities of classes that the predictions of a window tell: how many are usable, and those with an outcome within the
 * horizon. Null where none tells any, which costs one query, and where the model is not one of several classes, which costs none.
 */
export async function readClassProbabilities(store: Store, request: WindowRequest): Promise<ClassProbabilities | null> {
  const { profile, segments, outcomeHorizonMs } = request;
  if (profile.model.type !== "classification" || profile.positiveLabel !== null) return null;
  const parameters = windowParameters(request);
  const groups = await store.query<StateGroup>(STATES, parameters);
  if (groups.length === 0) return null;
  const horizon = outcomeHorizonMs * MICROSECONDS_PER_MS;
  const reader = new RowReader(await store.queryRowBinary(rowsSql(segments), { ...parameters, horizon }));
  const told: ToldRow[] = [];
  while (!reader.done) told.push(readRow(reader, segments));
  const classes = [...new Set(told.flatMap(({ names }) => names))].sort();
  return {
    ...countStates(groups),
    classes,
    segments,
    rows: told.map(({ names, values, outcomeLabel, weight, segments: own }) => {
      const byName = new Map(names.map((name, index) => [name, values[index]!]));
      return { scores: classes.map((name) => byName.get(name) ?? 0), outcomeLabel, weight, segments: own };
    }),
  };
}

interface StateGroup {
  readonly probability: number;
  readonly state: keyof ClassProbabilities["states"];
  readonly rows: number;
}

interface ToldRow {
  readonly names: readonly string[];
  readonly values: readonly number[];
  readonly outcomeLabel: string;
  readonly weight: number;
  readonly segments: readonly string[];
}

function countStates(groups: readonly StateGroup[]): Pick<ClassProbabilities, "states" | "effective"> {
  const states = { valid: 0, nonFinite: 0, outOfRange: 0, wrongSum: 0 };
  let weight = 0;
  let squares = 0;
  for (const { probability, state, rows } of groups) {
    states[state] += rows / probability;
    weight += rows / probability;
    squares += rows / probability ** 2;
  }
  return { states, effective: weight ** 2 / squares };
}

function readRow(reader: RowReader, segments: readonly string[]): ToldRow {
  return {
    names: reader.strings(),
    values: Array.from({ length: reader.length() }, () => reader.float64()),
    outcomeLabel: reader.string(),
    weight: 1 / reader.float64(),
    segments: segments.map(() => reader.string()),
  };
}

const TOLERANCES = Array.from({ length: MAX_PROBABILITY_CLASSES }, (_, index) => probabilitySumTolerance(index + 1));
const STATE = `multiIf(
  arrayExists(each -> NOT isFinite(each), values), 'nonFinite',
  arrayExists(each -> each < 0 OR each > 1, values), 'outOfRange',
  abs(arraySum(values) - 1) > [${TOLERANCES.join()}][length(values)], 'wrongSum', 'valid')`;

const STATES = `
  SELECT probability, state, toFloat64(count()) AS rows
  FROM (SELECT probability, ${STATE} AS state FROM class_probability FINAL WHERE ${WINDOW_CONDITION})
  GROUP BY probability, state ORDER BY probability, state`;

/** In the order of a hash of the id, so that those that are read of many are a sample, and always the same one. */
function rowsSql(segments: readonly string[]): string {
  const named = segments.map((_name, index) => `segment${index}`);
  const told = `
    SELECT id, ts, probability, CAST(class_probability.names AS Array(String)) AS names, class_probability.values AS values
    FROM class_probability FINAL WHERE ${WINDOW_CONDITION} AND ${STATE} = 'valid'`;
  const predictions = `
    SELECT id, ts, ${segments.map((name, index) => `${segmentValueSql(name)} AS segment${index}`).join(", ")}
    FROM prediction FINAL WHERE ${WINDOW_CONDITION}`;
  const outcomes = resolvedOutcomes(
    `tenant = {tenant:String} AND model = {model:String} AND id IN (SELECT id FROM class_probability WHERE ${WINDOW_CONDITION})`,
  );
  return `
    SELECT c.names, c.values, toString(assumeNotNull(o.label)), c.probability ${named.map((name) => `, p.${name}`).join("")}
    FROM (${told}) AS c
    INNER JOIN (${outcomes}) AS o ON o.id = c.id
    ${named.length === 0 ? "" : `INNER JOIN (${predictions}) AS p ON p.id = c.id AND p.ts = c.ts`}
    WHERE o.kind = 'class' AND o.label IS NOT NULL
      AND intDiv(toUnixTimestamp64Nano(o.ots) - toUnixTimestamp64Nano(c.ts), 1000) <= {horizon:Float64}
    ORDER BY sipHash64(c.id), c.id, c.ts LIMIT ${MAX_ROWS}`;
}
