import { modelConfigSchema, type ReferenceRisk } from "@tidemark/schema";
import { HarmFamily, type LossWindow } from "@tidemark/signals";
import { RowDependence, wilsonInterval } from "@tidemark/stats";
import type { BenchResult, BenchSize } from "../bench-result.ts";
import { createSeededRandom, type SeededRandom } from "../detection/seeded-random.ts";
import { type LossWorld, lossWorlds, SEGMENTS } from "./loss-worlds.ts";

const RUNS: Readonly<Record<BenchSize, number>> = { quick: 20, default: 200, full: 1_000 };
const HARMED_SHARE = 0.1;
const REFERENCE_DAYS = 28;
const DAYS = 180;
const HARM_DAY = 30;
const DAY_MS = 86_400_000;
/** Rows a day in the stable half years; those with harm also with more. */
const ROWS_A_DAY = 2_000;
const HARMED_ROWS_A_DAY: readonly number[] = [2_000, 20_000];
const HARMED_SEGMENT = 4;

const config = modelConfigSchema.parse({ name: "m", profile: "p.json", segments: ["group"] });

/** `npm run bench -- harm`: half years of a model with ten segments, its harmful-shift verdicts read every day. */
export function benchHarm(size: BenchSize): BenchResult[] {
  const runs = RUNS[size];
  console.log(
    `${runs} half years of ${ROWS_A_DAY} rows a day in ${SEGMENTS} segments, a look a day; ${REFERENCE_DAYS} days of reference\n`,
  );
  console.log("| losses | any rise proved, of the whole | of any of whole and segments (95 % interval) | critical |");
  console.log("|---|---|---|---|");
  const stable = lossWorlds.map((world) => stableResult(world, runs));
  console.log(
    "\n| losses | harm in one of ten segments | rows a day | found | median days | whole critical | other segments critical |",
  );
  console.log("|---|---|---|---|---|---|---|");
  const harmed = lossWorlds.flatMap((world) =>
    world.harms.flatMap((harm) =>
      HARMED_ROWS_A_DAY.map((rowsADay) =>
        harmedResult(world, { harm, rowsADay, runs: Math.ceil(runs * HARMED_SHARE) }),
      ),
    ),
  );
  return [...stable, ...harmed];
}

function stableResult(world: LossWorld, runs: number): BenchResult {
  const outcomes = Array.from({ length: runs }, (_, run) => {
    const random = createSeededRandom(`harm ${world.name} stable ${run}`);
    const seen = { whole: false, any: false, critical: false };
    halfYear(world, random, { rowsADay: ROWS_A_DAY, harm: 0 }, (verdicts) => {
      for (const { segment, state } of verdicts) {
        if (state !== "warning" && state !== "critical") continue;
        seen.any = true;
        seen.whole ||= segment === null;
        seen.critical ||= state === "critical";
      }
      return seen.critical;
    });
    return seen;
  });
  const share = (of: "whole" | "any" | "critical") => outcomes.filter((each) => each[of]).length;
  const wrong = share("any");
  const [lower, upper] = wilsonInterval(wrong, runs);
  console.log(
    `| ${world.name} | ${percent(share("whole") / runs)} | ${percent(wrong / runs)} (${percent(lower)} to ${percent(upper)}) | ${percent(share("critical") / runs)} |`,
  );
  return {
    ...{ name: `harm ${world.name}: any rise proved`, value: wrong / runs, unit: "share" },
    ...{ against: null, ratio: null, lower, upper, trials: runs },
  };
}

function harmedResult(
  world: LossWorld,
  { harm, rowsADay, runs }: { readonly harm: number; readonly rowsADay: number; readonly runs: number },
): BenchResult {
  const days: number[] = [];
  let whole = 0;
  let others = 0;
  for (let run = 0; run < runs; run++) {
    const random = createSeededRandom(`harm ${world.name} ${harm} ${rowsADay} ${run}`);
    let found: number | null = null;
    const seen = { whole: false, others: false };
    halfYear(world, random, { rowsADay, harm }, (verdicts, day) => {
      for (const { segment, state } of verdicts) {
        if (state !== "critical") continue;
        if (segment === null) seen.whole = true;
        else if (segment.value === String(HARMED_SEGMENT)) found ??= day;
        else seen.others = true;
      }
      return false;
    });
    if (found !== null) days.push(found - HARM_DAY + 1);
    whole += Number(seen.whole);
    others += Number(seen.others);
  }
  const median = days.sort((a, b) => a - b)[Math.floor(days.length / 2)] ?? Number.NaN;
  console.log(
    `| ${world.name} | +${harm} | ${rowsADay.toLocaleString("en")} | ${percent(days.length / runs)} of ${runs} | ${Number.isNaN(median) ? "" : median} | ${whole} | ${others} |`,
  );
  return {
    ...{ name: `harm ${world.name} +${harm}, ${rowsADay} rows a day: found`, value: days.length / runs, unit: "share" },
    ...{ against: null, ratio: null, trials: runs },
  };
}

/** One reference and the half year after it; ends where `look` says so. */
function halfYear(
  world: LossWorld,
  random: SeededRandom,
  { rowsADay, harm }: { readonly rowsADay: number; readonly harm: number },
  look: (verdicts: ReturnType<HarmFamily["add"]>, day: number) => boolean,
): void {
  const model = world.open(random);
  const nextDay = (startMs: number, harmed: boolean): LossWindow => {
    model.nextDay();
    const rows = rowsADay / SEGMENTS;
    const segments = Array.from({ length: SEGMENTS }, (_, segment) => {
      let sum = 0;
      let squares = 0;
      for (let row = 0; row < rows; row++) {
        const loss = model.lossOf(segment, harmed && segment === HARMED_SEGMENT ? harm : 0);
        sum += loss;
        squares += loss * loss;
      }
      return {
        name: "group",
        value: String(segment),
        mean: sum / rows,
        meanSquare: squares / rows,
        rows,
        effective: rows,
      };
    });
    const mean = segments.reduce((sum, each) => sum + each.mean, 0) / SEGMENTS;
    const meanSquare = segments.reduce((sum, each) => sum + each.meanSquare, 0) / SEGMENTS;
    const span = { startMs, endMs: startMs + DAY_MS, maturity: 1 };
    return { ...span, mean, meanSquare, rows: rowsADay, effective: rowsADay, segments };
  };
  const reference = referenceOf(
    world,
    Array.from({ length: REFERENCE_DAYS }, () => nextDay(0, false)),
  );
  const family = new HarmFamily(reference, config);
  for (let day = 0; day < DAYS; day++) {
    const window = nextDay(day * DAY_MS, harm > 0 && day >= HARM_DAY);
    if (look(family.add(window, window.endMs), day)) return;
  }
}

function referenceOf({ loss, cap }: LossWorld, days: readonly LossWindow[]): ReferenceRisk {
  const segments = days[0]!.segments.map(({ name, value }, index) => ({
    ...{ name, value },
    ...momentsOf(days.map((day) => day.segments[index]!)),
  }));
  return { loss, cap, ...momentsOf(days), segments };
}

/** As a profile keeps them. */
function momentsOf(days: readonly LossWindow["segments"][number][] | readonly LossWindow[]) {
  const dependence = new RowDependence();
  const sums = { rows: 0, mean: 0, meanSquare: 0 };
  for (const { rows, mean, meanSquare } of days) {
    dependence.update({ count: rows, mean: mean!, meanSquare });
    sums.rows += rows;
    sums.mean += mean! / days.length;
    sums.meanSquare += meanSquare / days.length;
  }
  return { ...sums, rowsPerIndependent: dependence.current() };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
