import { ChangeBaseline, type ObservedRows } from "@tidemark/stats";
import { FlightDelayModel } from "../../examples/flights/src/model/flight-delay-model.ts";
import type { BenchOptions } from "../bench-options.ts";
import type { BenchResult } from "../bench-result.ts";
import { createSeededRandom } from "../detection/seeded-random.ts";
import { readScoredFlights, type ScoredFlight } from "./flight-weeks.ts";
import { type Injection, injections, thinTo } from "./injections.ts";

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
const FIRST_MS = Date.UTC(2001, 0, 1);
/** Weeks before a window that say what is usual. */
const WEEKS_BEFORE = 6;
/** Rows of the window, evenly over its week. */
const ROWS_A_WINDOW = [500, 1_000, 2_000, 4_000] as const;
const MOST_ROWS = 4_000;
/** Days on which a window may start. */
const STARTS = 131;
const LATE_FROM_MINUTES = 15;
const WINDOWS = { quick: 5, default: 30, full: 30 } as const;
const FEATURES = ["hour", "weekday", "distance", "origin", "destination", "inbound_delay"] as const;

interface Verdicts {
  readonly injection: Injection;
  /** The causes named, by rows of the window. */
  readonly named: ReadonlyMap<number, string[]>;
}

/** `npm run bench -- causes`: faults injected into weeks of real flights, and what is named as their first cause. */
export async function benchCauses({ size, seed, part }: BenchOptions): Promise<BenchResult[]> {
  const flights = await readScoredFlights();
  const model = await FlightDelayModel.load();
  const count = WINDOWS[size];
  const verdicts: Verdicts[] = injections
    .filter(({ name }) => part === null || name.startsWith(part))
    .map((injection) => ({
      injection,
      named: new Map(ROWS_A_WINDOW.map((rows) => [rows, []])),
    }));
  for (let window = 0; window < count; window++) {
    const random = createSeededRandom(`causes ${seed} ${window}`);
    const startMs = FIRST_MS + (WEEKS_BEFORE * 7 + Math.floor(random.uniform() * STARTS)) * DAY_MS;
    const weekFrom = (fromMs: number) =>
      flights.filter(({ departureMs }) => departureMs >= fromMs && departureMs < fromMs + WEEK_MS);
    const before = Array.from({ length: WEEKS_BEFORE }, (_, k) =>
      thinTo(weekFrom(startMs - (WEEKS_BEFORE - k) * WEEK_MS), MOST_ROWS),
    );
    const baseline = new ChangeBaseline(
      await Promise.all(before.map((week) => observe(week, LATE_FROM_MINUTES, model))),
    );
    for (const { injection, named } of verdicts) {
      for (const [rows, causes] of named) {
        const draws = createSeededRandom(`${injection.name} ${seed} ${window}`);
        const told = injection.inject(thinTo(weekFrom(startMs), rows), draws);
        const observed = await observe(told, injection.lateFromMinutes?.(draws) ?? LATE_FROM_MINUTES, model);
        causes.push(baseline.explain(observed, rows).cause);
      }
    }
  }
  print(verdicts, count);
  return verdicts.map(({ injection, named }) => ({
    name: `first cause, ${injection.name}`,
    value: rightOf(injection, named.get(MOST_ROWS)!),
    unit: `of ${count}`,
    against: null,
    ratio: null,
    trials: count,
  }));
}

/** Features as they were told, and the Brier loss of what the model said of them. */
async function observe(
  flights: readonly ScoredFlight[],
  lateFrom: number,
  model: FlightDelayModel,
): Promise<ObservedRows> {
  const scores = await model.predict(flights);
  return {
    features: Object.fromEntries(FEATURES.map((name) => [name, flights.map((flight) => flight[name])])),
    loss: flights.map(({ delay }, at) => ((delay >= lateFrom ? 1 : 0) - scores[at]!) ** 2),
  };
}

function print(verdicts: readonly Verdicts[], count: number): void {
  console.log(`${count} weeks of flights, the six weeks before as what is usual\n`);
  console.log(
    `| injected | right cause | ${ROWS_A_WINDOW.map((rows) => `right of ${count}, ${rows} rows`).join(" | ")} | otherwise, ${MOST_ROWS} rows |`,
  );
  console.log(`|---|---|${ROWS_A_WINDOW.map(() => "---|").join("")}---|`);
  for (const { injection, named } of verdicts) {
    const wrong = named.get(MOST_ROWS)!.filter((cause) => cause !== injection.cause);
    const others = [...Map.groupBy(wrong, (cause) => cause)].map(([cause, list]) => `${cause} ${list.length}`);
    const right = ROWS_A_WINDOW.map((rows) => rightOf(injection, named.get(rows)!));
    console.log(`| ${injection.name} | ${injection.cause} | ${right.join(" | ")} | ${others.join(", ") || "-"} |`);
  }
}

function rightOf({ cause }: Injection, named: readonly string[]): number {
  return named.filter((each) => each === cause).length;
}
