import { modelConfigSchema, type Profile } from "@tidemark/schema";
import { attr, metric } from "@tidemark/semconv";
import { JointStream, jointLooks, judgeAggregate } from "@tidemark/signals";
import { alarmBudgetLooks, wilsonInterval } from "@tidemark/stats";
import type { BenchOptions } from "../bench-options.ts";
import type { BenchResult } from "../bench-result.ts";
import { createSeededRandom, type SeededRandom } from "../detection/seeded-random.ts";
import { profileOfRows, windowOfRows } from "./joint-reference.ts";
import { type JointChange, type JointWorld, WORLDS } from "./joint-worlds.ts";

const HOUR_MS = 3_600_000;
const WEEK_HOURS = 168;
/** References a world, and stable half years and half years with a change a reference. */
const SIZES = {
  quick: { references: 1, stable: 1, decays: 1 },
  default: { references: 4, stable: 5, decays: 2 },
  full: { references: 40, stable: 25, decays: 1 },
} as const;
/** Days over which the correlation goes from 0.9, and where it ends. */
const DECAY_DAYS = 120;
const ENDS = [0.85, 0.8, 0.6] as const;

/** How a world is looked at. */
interface Watching {
  readonly world: JointWorld;
  readonly windowHours: number;
  readonly windowRows: number;
  readonly windows: number;
  /** Whether the correlation that goes is looked for too. */
  readonly hasDecay: boolean;
  /** A long one has a quarter of the references and a fifth of the stable courses each. */
  readonly isLong: boolean;
}

const DAILY = { windowHours: 24, windows: 182, hasDecay: true, isLong: false };
const WATCHED: readonly Watching[] = [
  ...WORLDS.map((world) => ({ ...DAILY, world, windowRows: 200, isLong: world.features > 10 })),
  ...["season, days", "rows follow"].map((name) => ({
    ...{ ...DAILY, world: worldNamed(name), windowRows: 2_000, isLong: true },
  })),
  {
    ...{ world: worldNamed("season, days"), windowRows: 50, windowHours: 1, windows: 2_184 },
    ...{ hasDecay: false, isLong: true },
  },
];

const config = modelConfigSchema.parse({ name: "m", profile: "profile.json" });

/**
 * `npm run bench -- multivariate --part stream`: half years of daily windows, and a quarter year of hourly ones, read continuously. The part
 * `stream NAME` watches the worlds alone whose name begins so.
 */
export function benchJointStream({ size, seed, part }: BenchOptions): BenchResult[] {
  const { references, stable: stableRuns, decays } = SIZES[size];
  const only = part?.slice("stream".length).trim() ?? "";
  const ends = ENDS.map((end) => `0.9 to ${end} in ${DECAY_DAYS} days: found, median day (windows critical alone)`);
  console.log(
    `| world | windows of | stable courses | false critical | false warning | ${ends.join(" | ")} | CPU a look |`,
  );
  console.log("|---|---|---|---|---|---|---|---|---|");
  return WATCHED.filter(({ world }) => world.name.startsWith(only)).map((watching) => {
    const { world, windowHours, windowRows, windows, isLong } = watching;
    const clock = { looks: 0, cpuMs: 0 };
    const found = ENDS.map(() => [] as Course[]);
    const stable: Course[] = [];
    // Hours never come twice, so that no two courses share their days; whole weeks, so that the season goes on.
    let nextHour = 96;
    const hoursFrom = (hours: number) => {
      const from = nextHour;
      nextHour += Math.ceil(hours / WEEK_HOURS) * WEEK_HOURS;
      return from;
    };
    for (let reference = 0; reference < (isLong ? Math.ceil(references / 4) : references); reference++) {
      const random = createSeededRandom(`joint stream ${seed} ${world.name} ${windowHours} ${windowRows} ${reference}`);
      const hours = world.referenceHours ?? 1;
      const drawn = world.draw(random, world.referenceRows, hoursFrom(hours), hours);
      const profile = profileOfRows(drawn, world.referenceHours !== null);
      const course = (changeOf: (window: number) => JointChange | undefined) =>
        watch({ ...watching, profile, random, fromHour: hoursFrom(windows * windowHours), changeOf, clock });
      for (let run = 0; run < (isLong ? Math.ceil(stableRuns / 5) : stableRuns); run++)
        stable.push(course(() => undefined));
      for (let run = 0; watching.hasDecay && run < decays; run++) {
        ENDS.forEach((end, at) => {
          const to = (day: number) => 0.9 - (0.9 - end) * Math.min(1, day / DECAY_DAYS);
          found[at]!.push(course((day) => ({ kind: "correlation", to: to(day) })));
        });
      }
    }
    const critical = stable.filter(({ criticalAt }) => criticalAt !== null).length;
    const warning = stable.filter(({ warned }) => warned).length;
    const cells = found.map((courses) => (courses.length > 0 ? foundText(courses) : ""));
    const [lower, upper] = wilsonInterval(critical, stable.length);
    console.log(
      `| ${world.name} | ${windowHours} h, ${windowRows} rows | ${stable.length} of ${windows} | ${critical} [${percent(lower)}, ${percent(upper)}] | ${warning} | ${cells.join(" | ")} | ${(clock.cpuMs / clock.looks).toFixed(2)} ms |`,
    );
    return {
      ...{ name: `joint stream: false critical, ${world.name}, ${windowHours} h, ${windowRows} rows`, value: critical },
      ...{ unit: `of ${stable.length}`, against: null, ratio: null, lower, upper, trials: stable.length },
    };
  });
}

interface Course {
  /** Window in which the stream turned critical. */
  readonly criticalAt: number | null;
  readonly warned: boolean;
  /** Windows up to it that are critical alone. */
  readonly alone: number;
}

interface CourseOptions extends Watching {
  readonly profile: Profile;
  readonly random: SeededRandom;
  readonly fromHour: number;
  readonly changeOf: (window: number) => JointChange | undefined;
  /** Counts the looks and the CPU that the continuous reading takes. */
  readonly clock: { looks: number; cpuMs: number };
}

function watch({ profile, world, random, changeOf, clock, ...course }: CourseOptions): Course {
  const { windowHours, windowRows, windows, fromHour } = course;
  const { multivariate } = profile;
  if (multivariate === undefined) throw new Error("the profile has no joint distribution");
  const windowMs = windowHours * HOUR_MS;
  const alarmLooks = alarmBudgetLooks(world.features + 1, (30 * 24) / windowHours);
  const stream = new JointStream({ profile: { ...profile, multivariate }, ignored: [], alarmLooks, windowMs });
  let warned = false;
  let alone = 0;
  for (let at = 0; at < windows; at++) {
    const change = changeOf(at);
    const rows = world.draw(random, windowRows, fromHour + at * windowHours, windowHours, change);
    const aggregate = windowOfRows(profile, rows, windowMs);
    if (change !== undefined && isCriticalAlone(profile, aggregate)) alone += 1;
    const before = process.cpuUsage();
    const { state } = stream.take(jointLooks(multivariate, aggregate.multivariate!));
    const { user, system } = process.cpuUsage(before);
    clock.looks += 1;
    clock.cpuMs += (user + system) / 1_000;
    warned ||= state === "warning";
    if (state === "critical") return { criticalAt: at, warned, alone };
  }
  return { criticalAt: null, warned, alone };
}

function isCriticalAlone(profile: Profile, aggregate: ReturnType<typeof windowOfRows>): boolean {
  return judgeAggregate(aggregate, { profile, config, configId: "" }).drift.some(
    ({ target, state, attributes, metric: name }) =>
      name === metric.driftSeverity &&
      target.name === "multivariate" &&
      attributes[attr.driftReading] === "window" &&
      state === "critical",
  );
}

function foundText(courses: readonly Course[]): string {
  const days = courses.flatMap(({ criticalAt }) => criticalAt ?? []).sort((a, b) => a - b);
  const alone = courses.reduce((sum, course) => sum + course.alone, 0);
  return `${days.length} of ${courses.length}, ${days[days.length >> 1] ?? "none"} (${alone})`;
}

function percent(share: number): string {
  return `${Number((100 * share).toFixed(2))} %`;
}

function worldNamed(start: string): JointWorld {
  const world = WORLDS.find(({ name }) => name.startsWith(start));
  if (world === undefined) throw new Error(`no world is named ${start}`);
  return world;
}
