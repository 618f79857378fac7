import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { modelConfigSchema, type Profile } from "@tidemark/schema";
import { metric } from "@tidemark/semconv";
import { findFirstCause, signals, streamLooks, windowCounts } from "@tidemark/signals";
import { touchedSpans } from "../../packages/processor/src/aggregate/touched-spans.ts";
import { createChangeNotes } from "../../packages/processor/src/evaluate/changed-windows.ts";
import { createEvaluator } from "../../packages/processor/src/evaluate/evaluator.ts";
import { createEvaluationStore } from "../../packages/processor/src/evaluate/stored-evaluation.ts";
import { createEventTimes } from "../../packages/processor/src/pipeline/event-times.ts";
import { createMonitoredModels } from "../../packages/processor/src/pipeline/monitored-models.ts";
import { buildProfile } from "../../packages/processor/src/profile/build-profile.ts";
import { openStore } from "../../packages/processor/src/store/open-store.ts";
import type { Store } from "../../packages/processor/src/store/store.ts";
import type { BenchOptions } from "../bench-options.ts";
import type { BenchResult } from "../bench-result.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const MONDAY_MS = Date.UTC(2001, 0, 1);
const ROWS_A_DAY = 100_000;
const NUMBERS = 40;
const TEXTS = 10;
const DAYS = { quick: 10, default: 100, full: 100 } as const;
/** Of the predictions. */
const OUTCOME_SHARE = 0.1;
const REPEATS = 3;
/** When the late outcomes arrive, by the clock of arrivals. */
const LATE_MS = 5;
const KEY = { tenant: "default", model: "m", version: "1", role: "champion" } as const;

interface Cost {
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
}

interface Measured {
  readonly days: number;
  readonly cost: Cost;
  readonly rssMegabytes: number;
}

/**
 * `npm run bench -- history`: days of 100,000 predictions with 50 features each, written into one store; what judging one day costs as
 * history grows, what a million late outcomes cost, and how much memory the process takes. Judging is all that the processor does of a
 * window: aggregates, signals, first cause, estimates, continuous reading of drift, harmful shift, control charts of 50 features, and storing it.
 * CPU seconds of the whole process, the engine's threads included, and how long it took.
 */
export async function benchHistory({ size }: BenchOptions): Promise<BenchResult[]> {
  const folder = mkdtempSync(join(tmpdir(), "tidemark-history-"));
  try {
    const profile = await makeProfile(folder);
    const store = await openStore(join(folder, "data"));
    try {
      return await measure(store, createDailyEvaluator(store, profile), DAYS[size]);
    } finally {
      await store.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(store: Store, evaluator: DailyEvaluator, days: number): Promise<BenchResult[]> {
  const steps = [0.1, 0.5, 1].map((share) => Math.max(REPEATS, Math.round(days * share)));
  const measured: Measured[] = [];
  const costs: Cost[] = [];
  for (let day = 0; day < days; day++) {
    await writeDay(store, day);
    costs.push(await costOf(() => evaluator.judgeDay(day)));
    if (day % 10 === 9) console.error(`${day + 1} of ${days} days`);
    if (!steps.includes(day + 1)) continue;
    measured.push({ days: day + 1, cost: medianCost(costs.slice(-REPEATS)), rssMegabytes: peakMegabytes() });
  }
  const late = await costOf(() => writeOutcomes(store, days));
  const peakStored = peakMegabytes();
  const touched = await costOf(() => touchedSpans(store, KEY, LATE_MS, HOUR_MS));
  const peakTouched = peakMegabytes();
  let judgedAgain = 0;
  const again = await costOf(async () => {
    judgedAgain = await evaluator.judgeLate();
  });

  console.log(
    "| predictions stored | CPU seconds to judge a day of 100,000 with 50 features | seconds it took | peak memory, MB |\n|---|---|---|---|",
  );
  for (const each of measured) {
    console.log(
      `| ${(each.days * ROWS_A_DAY).toLocaleString("en")} | ${each.cost.cpuSeconds.toFixed(2)} | ${each.cost.wallSeconds.toFixed(2)} | ${each.rssMegabytes.toFixed(0)} |`,
    );
  }
  const outcomes = Math.round(days * ROWS_A_DAY * OUTCOME_SHARE);
  console.log(
    `\n${outcomes.toLocaleString("en")} late outcomes: stored in ${late.cpuSeconds.toFixed(1)} CPU seconds, hours they touch found in ${touched.cpuSeconds.toFixed(1)};`,
  );
  console.log(
    `${judgedAgain} days with outcomes judged again in ${(again.cpuSeconds / judgedAgain).toFixed(2)} CPU seconds each, which took ${(again.wallSeconds / judgedAgain).toFixed(2)} seconds. Peak memory in MB: ${peakStored.toFixed(0)} once they were stored, ${peakTouched.toFixed(0)} once found, ${peakMegabytes().toFixed(0)} in all.`,
  );
  const [first, last] = [measured[0]!, measured.at(-1)!];
  return [
    result(
      "history: CPU seconds a day at the end",
      last.cost.cpuSeconds,
      "s",
      "at a tenth of the history",
      first.cost.cpuSeconds / last.cost.cpuSeconds,
    ),
    result("history: seconds a day took at the end", last.cost.wallSeconds, "s"),
    result("history: CPU seconds a day judged again with outcomes", again.cpuSeconds / judgedAgain, "s"),
    result("history: peak memory", peakMegabytes(), "MB"),
  ];
}

interface DailyEvaluator {
  /** Judges a day whose records are stored. */
  judgeDay(day: number): Promise<void>;
  /** Judges the days that late records touched again, and tells how many. */
  judgeLate(): Promise<number>;
}

function createDailyEvaluator(store: Store, profile: Profile): DailyEvaluator {
  const config = modelConfigSchema.parse({
    ...{ name: KEY.model, profile: "profile.json", windows: ["24h"], outcomeHorizon: "400d" },
    charts: [{ metric: metric.driftSeverity }],
  });
  const model = { config, configId: "c", profile, features: new Set([...numberNames(), ...textNames()]) };
  const changes = createChangeNotes();
  const eventTimes = createEventTimes();
  let seenMs = 1;
  const evaluator = createEvaluator({
    store: createEvaluationStore(store, () => seenMs, changes.note),
    changes,
    models: createMonitoredModels([model]),
    eventTimes,
    clock: { mode: "replay", allowedLatenessMs: 0 },
    judges: {
      ...{ signals, findFirstCause, streamLooks, windowCounts },
      onDefect(signal, error) {
        throw new Error(`the signal ${signal} failed`, { cause: error });
      },
    },
    now: () => seenMs,
    visibleBefore: () => seenMs,
    yieldToIngest: async () => undefined,
    ...{ onJudged: ignore, onExplained: ignore, onWatched: ignore, onHarmJudged: ignore },
    ...{ onReferenceDrift: ignore, onCompared: ignore, onCharted: ignore, onEstimated: ignore },
    ...{ onEnsembleJudged: ignore, onReweighed: ignore },
  });
  return {
    async judgeDay(day) {
      const startMs = MONDAY_MS + day * DAY_MS;
      eventTimes.restore([
        { key: KEY, firstMs: startMs, lastMs: startMs + DAY_MS, days: [Math.floor(startMs / DAY_MS)] },
      ]);
      const judged = await evaluator.run({ late: false });
      if (judged !== 1) throw new Error(`${judged} days were judged, not one`);
    },
    judgeLate() {
      seenMs = LATE_MS;
      return evaluator.run({ late: true });
    },
  };
}

function ignore(): void {}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

function medianCost(costs: readonly Cost[]): Cost {
  return {
    cpuSeconds: median(costs.map(({ cpuSeconds }) => cpuSeconds)),
    wallSeconds: median(costs.map(({ wallSeconds }) => wallSeconds)),
  };
}

async function costOf(work: () => Promise<unknown>): Promise<Cost> {
  const before = process.cpuUsage();
  const startMs = performance.now();
  await work();
  const { user, system } = process.cpuUsage(before);
  return { cpuSeconds: (user + system) / 1e6, wallSeconds: (performance.now() - startMs) / 1_000 };
}

function peakMegabytes(): number {
  return process.resourceUsage().maxRSS / 1024;
}

/** Ids rise with time, as UUIDv7 do. */
function idSql(day: string, row: string): string {
  return `concat(leftPad(toString(${day}), 4, '0'), '-', leftPad(toString(${row}), 7, '0'))`;
}

function writeDay(store: Store, day: number): Promise<void> {
  const names = [...numberNames(), ...textNames()].map((name) => `'${name}'`).join(", ");
  const kinds = [...numberNames().map(() => "'number'"), ...textNames().map(() => "'string'")].join(", ");
  return store.execute(`
    INSERT INTO prediction (tenant, model, version, role, id, ts, label, score, value, probability, trace_id, segments,
      input_names, input_kinds, input_numbers, input_texts, rx)
    SELECT 'default', 'm', '1', 'champion', ${idSql(String(day), "number")},
      fromUnixTimestamp64Nano(toInt64(${MONDAY_MS + day * DAY_MS}) * 1000000 + toInt64(number) * 864000000, 'UTC'),
      if(cityHash64(number, ${day}) % 3 = 0, 'yes', 'no'), (cityHash64(number, ${day}, 1) % 10000) / 10000, NULL, 1, '', [],
      [${names}], [${kinds}],
      arrayConcat(arrayMap(k -> (cityHash64(number, ${day}, k) % 100000) / 100000, range(${NUMBERS})), arrayWithConstant(${TEXTS}, nan)),
      arrayConcat(arrayWithConstant(${NUMBERS}, ''), arrayMap(k -> concat('c', toString(cityHash64(number, ${day}, k, 7) % 8)), range(${TEXTS}))),
      fromUnixTimestamp64Milli(toInt64(1), 'UTC')
    FROM numbers(${ROWS_A_DAY})`);
}

/** A tenth of all predictions, of every day, told days later. */
function writeOutcomes(store: Store, days: number): Promise<void> {
  return store.execute(`
    INSERT INTO outcome (tenant, model, id, ots, kind, label, value, position, rx)
    SELECT 'default', 'm', ${idSql("day", "row")},
      fromUnixTimestamp64Nano((toInt64(${MONDAY_MS}) + day * ${DAY_MS} + ${5 * DAY_MS}) * 1000000 + row, 'UTC'), 'class',
      if(cityHash64(row, day, 2) % 3 = 0, 'yes', 'no'), NULL, NULL, fromUnixTimestamp64Milli(toInt64(${LATE_MS}), 'UTC')
    FROM (SELECT toInt64(intDiv(number, ${ROWS_A_DAY})) AS day, toInt64(number % ${ROWS_A_DAY}) AS row FROM numbers(${days * ROWS_A_DAY}))
    WHERE cityHash64(day, row) % ${Math.round(1 / OUTCOME_SHARE)} = 0`);
}

async function makeProfile(folder: string): Promise<Profile> {
  const path = join(folder, "train.csv");
  const names = [...numberNames(), ...textNames()];
  const rows = Array.from({ length: 20_000 }, (_, row) => {
    const mix = (k: number) => Math.abs(Math.sin((row + 1) * (k + 1) * 12.9898) * 43_758.5453) % 1;
    const inputs = names.map((_name, k) => (k < NUMBERS ? mix(k) : `c${Math.floor(8 * mix(k))}`));
    return [...inputs, mix(90), mix(91) < 1 / 3 ? "yes" : "no", mix(92) < 1 / 3 ? "yes" : "no"].join(",");
  });
  writeFileSync(path, [[...names, "score", "label", "truth"].join(","), ...rows].join("\n"));
  return buildProfile({
    path,
    model: { name: KEY.model, version: KEY.version, type: "classification" },
    prediction: { score: "score", label: "label" },
    outcome: { label: "truth" },
    positiveLabel: "yes",
  });
}

function numberNames(): string[] {
  return Array.from({ length: NUMBERS }, (_, k) => `n${k}`);
}

function textNames(): string[] {
  return Array.from({ length: TEXTS }, (_, k) => `t${k}`);
}

function result(
  name: string,
  value: number,
  unit: string,
  against: string | null = null,
  ratio: number | null = null,
): BenchResult {
  return { name, value, unit, against, ratio };
}
