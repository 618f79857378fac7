import { modelConfigSchema, type Profile } from "@tidemark/schema";
import { attr, metric } from "@tidemark/semconv";
import { judgeAggregate } from "@tidemark/signals";
import { wilsonInterval } from "@tidemark/stats";
import type { BenchOptions } from "../bench-options.ts";
import type { BenchResult } from "../bench-result.ts";
import { createSeededRandom } from "../detection/seeded-random.ts";
import { benchJointReferences } from "./bench-joint-references.ts";
import { benchJointStream } from "./bench-joint-stream.ts";
import { profileOfRows, windowOfRows } from "./joint-reference.ts";
import { type JointChange, WORLDS } from "./joint-worlds.ts";

const DAY_MS = 86_400_000;
const DAY_HOURS = 24;
const WINDOW_ROWS = 2_000;
const REFERENCES = { quick: 2, default: 10, full: 20 } as const;
const STABLE = { quick: 20, default: 100, full: 100 } as const;
const CHANGED = { quick: 3, default: 5, full: 5 } as const;

const CHANGES: readonly { readonly name: string; readonly change: JointChange; readonly rows: number }[] = [
  { name: "0.9 to 0", change: { kind: "correlation", to: 0 }, rows: 200 },
  { name: "0.9 to 0.7", change: { kind: "correlation", to: 0.7 }, rows: 500 },
  { name: "0.9 to 0.8", change: { kind: "correlation", to: 0.8 }, rows: WINDOW_ROWS },
  { name: "0.9 to -0.9", change: { kind: "sign" }, rows: 200 },
  { name: "two features swapped, margins equal", change: { kind: "swap" }, rows: 200 },
];

interface Tally {
  windows: number;
  critical: number;
  warning: number;
  /** Windows in which a single feature was critical. */
  single: number;
  /** Windows with a correlation that is critical. */
  broken: number;
  /** Windows with critically many outliers. */
  outliers: number;
}

/** `npm run bench -- multivariate`: how often the verdict on all features together is wrong on stable windows, and what it finds. */
export function benchMultivariate(options: BenchOptions): BenchResult[] {
  const { size, seed, part } = options;
  if (part?.startsWith("stream")) return benchJointStream(options);
  if (part === "references") return benchJointReferences(options);
  const results: BenchResult[] = [];
  console.log(
    "| world | stable windows | critical | warning | a correlation critical | outliers critical | a single feature critical |\n|---|---|---|---|---|---|---|",
  );
  const found: string[] = [];
  for (const world of WORLDS) {
    const stable = newTally();
    const changed = CHANGES.map(newTally);
    for (let reference = 0; reference < REFERENCES[size]; reference++) {
      const random = createSeededRandom(`multivariate ${seed} ${world.name} ${reference}`);
      const hours = world.referenceHours ?? 1;
      const profile = profileOfRows(world.draw(random, world.referenceRows, 96, hours), world.referenceHours !== null);
      const judge = (tally: Tally, rows: number, day: number, change?: JointChange) =>
        judgeInto(
          tally,
          profile,
          windowOfRows(profile, world.draw(random, rows, 96 + hours + day * DAY_HOURS, DAY_HOURS, change), DAY_MS),
        );
      for (let day = 0; day < STABLE[size]; day++) judge(stable, WINDOW_ROWS, day);
      CHANGES.forEach(({ change, rows }, at) => {
        for (let day = 0; day < CHANGED[size]; day++) judge(changed[at]!, rows, day, change);
      });
    }
    console.log(
      `| ${world.name} | ${stable.windows} | ${share(stable.critical, stable)} | ${share(stable.warning, stable)} | ${share(stable.broken, stable)} | ${share(stable.outliers, stable)} | ${stable.single} |`,
    );
    found.push(
      `| ${world.name} | ${changed.map((tally) => `${tally.critical} / ${tally.broken} / ${tally.outliers} of ${tally.windows} (${tally.single})`).join(" | ")} |`,
    );
    results.push(result(`multivariate: false criticals, ${world.name}`, stable));
    results.push(
      result(`multivariate: falsely broken correlations, ${world.name}`, { ...stable, critical: stable.broken }),
    );
    CHANGES.forEach(({ name }, at) => {
      results.push(result(`multivariate: found, ${name}, ${world.name}`, changed[at]!));
    });
  }
  console.log(
    `\nall features together / a correlation / outliers critical, of windows (a single feature critical)\n\n| world | ${CHANGES.map(({ name, rows }) => `${name}, ${rows} rows`).join(" | ")} |`,
  );
  console.log(`|---|${CHANGES.map(() => "---|").join("")}`);
  for (const line of found) console.log(line);
  return results;
}

function judgeInto(tally: Tally, profile: Profile, aggregate: ReturnType<typeof windowOfRows>): void {
  const config = modelConfigSchema.parse({ name: "m", profile: "profile.json" });
  const found = judgeAggregate(aggregate, { profile, config, configId: "" });
  const severities = found.drift.filter((finding) => finding.metric === metric.driftSeverity);
  const criticalBy = (rule: string) =>
    found.data_quality.some(({ state, attributes }) => state === "critical" && attributes[attr.qualityRule] === rule);
  if (criticalBy("correlation")) tally.broken += 1;
  if (criticalBy("multivariate_outlier")) tally.outliers += 1;
  const joint = severities.find(({ target }) => target.name === "multivariate");
  tally.windows += 1;
  if (joint?.state === "critical") tally.critical += 1;
  if (joint?.state === "warning") tally.warning += 1;
  if (severities.some(({ target, state }) => target.kind === "feature" && state === "critical")) tally.single += 1;
}

function newTally(): Tally {
  return { windows: 0, critical: 0, warning: 0, single: 0, broken: 0, outliers: 0 };
}

function share(events: number, { windows }: Tally): string {
  const [lower, upper] = wilsonInterval(events, windows);
  const text = (value: number) => `${Number((100 * value).toFixed(2))}`;
  return `${events}: ${text(events / windows)} % [${text(lower)}, ${text(upper)}]`;
}

function result(name: string, { critical, windows }: Tally): BenchResult {
  return { name, value: critical, unit: `of ${windows}`, against: null, ratio: null, trials: windows };
}
