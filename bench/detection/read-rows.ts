import { alarmBudgetLooks, EDetector } from "@tidemark/stats";
import { drawReference, phaseOf } from "./binned-reference.ts";
import type { Group } from "./proportion.ts";
import { createSeededRandom } from "./seeded-random.ts";
import type { Drift, Stream } from "./streams.ts";

export interface StreamPlan {
  readonly streams: number;
  /** Stable rows of each stream; a drift follows them. */
  readonly stableRows: number;
  readonly rowsALook: number;
}

export interface Delays {
  /** Rows from the change to the first critical, median over streams; null where under half of them found it. */
  readonly medianRows: number | null;
  /** 95 % interval of the median, from order statistics; null where it ends among those that found nothing. */
  readonly lowerRows: number | null;
  readonly upperRows: number | null;
  readonly found: number;
  readonly streams: number;
}

/** One feature: looks a false alarm, rows where a look has one. */
export const BUDGET_LOOKS = 100_000;
/** Of a season, in each of its phases. */
const REFERENCE_ROWS = 20_000;
/** A drift not found in this many rows counts as missed. */
const DRIFT_ROWS = 20_000;
/** Rows of one season. */
const SEASON_ROWS = 1_000;

/** Alarms (changes into critical) while nothing happens, stream by stream; trials are looks. */
export function countFalseAlarms(stream: Stream, plan: StreamPlan, seed: string): Group[] {
  const { streams, stableRows, rowsALook } = plan;
  const random = createSeededRandom(`${seed}/${rowsLabel(rowsALook)}/${stream.name}`);
  return Array.from({ length: streams }, () => {
    const source = stream.open(random);
    const { look } = openDetector(stream, source, rowsALook);
    let events = 0;
    let before = "ok";
    for (let row = 0; row < stableRows; row += rowsALook) {
      const state = look(source, row);
      if (state === "critical" && before !== "critical") events += 1;
      before = state;
    }
    return { events, trials: Math.ceil(stableRows / rowsALook) };
  });
}

/** Rows until a drift is called critical, after stable rows that the detector has learned from. */
export function measureDelays({ before, after, name }: Drift, plan: StreamPlan, seed: string): Delays {
  const { streams, stableRows, rowsALook } = plan;
  const random = createSeededRandom(`${seed}/delays${rowsALook === 1 ? "" : ` ${rowsLabel(rowsALook)}`}/${name}`);
  const delays = Array.from({ length: streams }, () => {
    const stable = before.open(random);
    const { look } = openDetector(before, stable, rowsALook);
    for (let row = 0; row < stableRows; row += rowsALook) look(stable, row);
    const drifted = after.open(random);
    let row = 0;
    while (row < DRIFT_ROWS && look(drifted, row) !== "critical") row += rowsALook;
    return row < DRIFT_ROWS ? row + rowsALook : Number.POSITIVE_INFINITY;
  });
  const [lower, upper] = medianIntervalOf(delays);
  const finite = (rows: number) => (Number.isFinite(rows) ? rows : null);
  return {
    medianRows: finite(medianOf(delays)),
    lowerRows: finite(lower),
    upperRows: finite(upper),
    found: delays.filter(Number.isFinite).length,
    streams,
  };
}

/** Order statistics that hold the median with about 95 %: ranks n/2 -+ 0.98 sqrt(n). */
function medianIntervalOf(values: readonly number[]): [number, number] {
  const sorted = values.toSorted((a, b) => a - b);
  const half = 0.98 * Math.sqrt(sorted.length);
  const at = (rank: number) => sorted[Math.min(sorted.length - 1, Math.max(0, rank))]!;
  return [at(Math.floor(sorted.length / 2 - half) - 1), at(Math.ceil(sorted.length / 2 + half))];
}

/** The middle value; of an even number of values the mean of the middle two. */
export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** How the seeds and the shares of a run with so many rows a look are named. */
export function rowsLabel(rowsALook: number): string {
  return rowsALook === 1 ? "rows" : `looks of ${rowsALook}`;
}

/** A detector on a reference of 20,000 rows a phase, and a reading of one look, all of it in the phase of its first row. */
function openDetector(stream: Stream, source: (position: number) => number, rowsALook: number) {
  const positionOf = (row: number) => (row % SEASON_ROWS) / SEASON_ROWS;
  const against = drawReference(stream, source, REFERENCE_ROWS * (stream.phases?.at(-1) ?? 1), positionOf);
  const references = against.slots.map(({ reference }) => reference);
  const detector = new EDetector({
    references,
    alarmLooks: alarmBudgetLooks(1, BUDGET_LOOKS),
    initialVariance: against.variance,
  });
  const counts = references.map(({ binCount }) => new Float64Array(binCount));
  const look = (from: (position: number) => number, row: number) => {
    const position = positionOf(row);
    const slot = phaseOf(against, position);
    const { binOf } = against.slots[slot]!;
    const own = counts[slot]!.fill(0);
    for (let one = 0; one < rowsALook; one++) own[binOf(from(position))]! += 1;
    return detector.look(own, slot).state;
  };
  return { look };
}
