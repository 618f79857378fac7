import { metric } from "@tidemark/semconv";
import type { Store } from "../store/store.ts";
import { readPointCounts } from "./point-counts.ts";
import { type SampledCount, sampleSize } from "./sampling-weights.ts";
import { weeksBefore } from "./wall-clock.ts";
import { instant, KEY_CONDITION, keyParameters, type WindowRequest } from "./window-request.ts";

export interface PredictionCounts {
  readonly predictions: number;
  readonly effectivePredictions: number;
  /** The same window one to four weeks before; weeks without predictions are left out. */
  readonly earlierPredictions: readonly number[];
}

const EARLIER_WEEKS = [1, 2, 3, 4];

/** Predictions by the records; where the model has none in these weeks, by the counter of its service. */
export async function readPredictionCounts(store: Store, request: WindowRequest): Promise<PredictionCounts> {
  const rows = await store.query<SampledCount & { readonly week: number }>(RECORDS, {
    ...keyParameters(request.key),
    ...Object.fromEntries(WEEKS.map((week) => [`from${week}`, earlierWindow(request, week).fromMs])),
    ...Object.fromEntries(WEEKS.map((week) => [`to${week}`, earlierWindow(request, week).toMs])),
  });
  if (rows.length === 0) return countByPoints(store, request);
  const sizeOf = (week: number) => sampleSize(rows.filter((row) => row.week === week));
  const size = sizeOf(0);
  return {
    predictions: size.weighted,
    effectivePredictions: size.effective,
    earlierPredictions: EARLIER_WEEKS.map((week) => sizeOf(week).weighted).filter((count) => count > 0),
  };
}

const WEEKS = [0, ...EARLIER_WEEKS];

const inWeek = (week: number) => `ts >= ${instant(`from${week}`)} AND ts < ${instant(`to${week}`)}`;

/** All weeks in one pass over their ranges of the sort key. A window longer than a week counts a row in several of them. */
const RECORDS = `
  SELECT toUInt32(arrayJoin(arrayFilter((week, isIn) -> isIn, [${WEEKS.join()}], [${WEEKS.map(inWeek).join()}]))) AS week,
    probability, toFloat64(count()) AS count
  FROM prediction FINAL WHERE ${KEY_CONDITION} AND (${WEEKS.map(inWeek).join(" OR ")})
  GROUP BY week, probability`;

/** As long as the window, which may be 23 or 25 hours of the wall clock. */
function earlierWindow({ window: { startMs, endMs }, profile }: WindowRequest, week: number) {
  const fromMs = weeksBefore(startMs, week, profile.timeZone);
  return { fromMs, toMs: fromMs + endMs - startMs };
}

async function countByPoints(store: Store, request: WindowRequest): Promise<PredictionCounts> {
  const counts: number[] = [];
  for (const week of WEEKS) {
    const points = await readPointCounts(store, {
      key: request.key,
      season: { season: null },
      metrics: [metric.inferencePredictions],
      ...earlierWindow(request, week),
    });
    counts.push(points.filter(({ key }) => key === "").reduce((sum, { count }) => sum + count, 0));
  }
  const [predictions = 0, ...earlier] = counts;
  return {
    predictions,
    effectivePredictions: predictions,
    earlierPredictions: earlier.filter((count) => count > 0),
  };
}
