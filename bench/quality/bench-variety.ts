import { modelConfigSchema, type Profile, type ProfileField } from "@tidemark/schema";
import { type FieldCounts, type Finding, isRest, mayHaveMore, stuckBins, variedFields } from "@tidemark/signals";
import { binOf, wilsonInterval } from "@tidemark/stats";
import { judgeCardinality } from "../../packages/signals/src/quality/judge-cardinality.ts";
import { judgeStuck } from "../../packages/signals/src/quality/judge-stuck.ts";
import { longestVaried } from "../../packages/signals/src/quality/variety-limits.ts";
import type { BenchOptions } from "../bench-options.ts";
import type { BenchResult } from "../bench-result.ts";
import { createSeededRandom, type SeededRandom } from "../detection/seeded-random.ts";
import { flightWorld } from "./flight-world.ts";
import { madeUpWorld } from "./made-up-world.ts";

/** A reference, and windows from its world. */
export interface VarietyWorld {
  readonly name: string;
  readonly profile: Profile;
  /** By window the values by feature, in order of time. */
  readonly windows: readonly Readonly<Record<string, readonly Value[]>>[];
}

export type Value = number | string;

/** What is done to a feature's values. */
interface Fault {
  readonly name: string;
  readonly rule: "cardinality" | "stuck";
  readonly change: (values: readonly Value[], random: SeededRandom) => readonly Value[];
}

const FAULTS: readonly Fault[] = [
  { name: "half of the values gone", rule: "cardinality", change: keepSome(2) },
  { name: "nine in ten gone", rule: "cardinality", change: keepSome(10) },
  { name: "ids instead", rule: "cardinality", change: (values) => values.map((value, at) => otherThan(value, at)) },
  { name: "stuck, 10 %", rule: "stuck", change: stick(0.1) },
  { name: "stuck, 30 %", rule: "stuck", change: stick(0.3) },
];

const { quality } = modelConfigSchema.parse({ name: "m", profile: "p.json" });

/**
 * `npm run bench -- variety`: how often the rules `cardinality` and `stuck` speak of windows that nothing was done to, of real flights and of
 * made-up features (ids, Zipf's categories, rounded numbers, runs of one value), and how often of windows whose values were merged, made
 * ids or replaced by one value.
 */
export async function benchVariety({ size, seed }: BenchOptions): Promise<BenchResult[]> {
  const results: BenchResult[] = [];
  console.log(
    `| world | feature | windows | warned (critical) of nothing: cardinality | stuck | ${FAULTS.map(({ name }) => name).join(" | ")} |`,
  );
  console.log(`|${"---|".repeat(5 + FAULTS.length)}`);
  for (const world of [...(await flightWorld(size)), ...(await madeUpWorld(size, seed))]) {
    const random = createSeededRandom(`variety ${seed} ${world.name}`);
    const loud = new Set<number>();
    for (const field of world.profile.fields.filter(({ target }) => target === "feature")) {
      const told = world.windows.map((window, at) => {
        const states = statesOf(world.profile, field, window[field.name]!);
        if (Object.values(states).some(isRaised)) loud.add(at);
        return states;
      });
      const nothing = (["cardinality", "stuck"] as const).map((rule) => {
        const raised = told.filter((states) => isRaised(states[rule])).length;
        const critical = told.filter((states) => states[rule] === "critical").length;
        const judged = told.filter((states) => states[rule] !== undefined).length;
        return judged === 0 ? "not judged" : `${raised} (${critical})`;
      });
      const found = FAULTS.map(({ rule, change }) => {
        const states = world.windows.map(
          (window) => statesOf(world.profile, field, change(window[field.name]!, random))[rule],
        );
        if (states.every((state) => state === undefined)) return "-";
        return `${states.filter(isRaised).length}`;
      });
      console.log(`| ${[world.name, field.name, world.windows.length, ...nothing, ...found].join(" | ")} |`);
    }
    const [lower, upper] = wilsonInterval(loud.size, world.windows.length);
    const name = `variety: windows of ${world.name} that were warned of nothing`;
    console.log(`| ${world.name} | any | ${world.windows.length} | ${loud.size} |`);
    results.push({
      ...{ name, value: loud.size / world.windows.length, unit: "share", against: null, ratio: null },
      ...{ lower, upper, trials: world.windows.length },
    });
  }
  return results;
}

type States = Readonly<Record<"cardinality" | "stuck", Finding["state"] | undefined>>;

function isRaised(state: Finding["state"] | undefined): boolean {
  return state === "warning" || state === "critical";
}

/** As the store counts them (`readDistinct`, `readRepeatedValues`), without its rounding. */
function statesOf(profile: Profile, field: ProfileField, values: readonly Value[]): States {
  const counts = countsOf(field, values);
  const suspects = stuckBins(profile, field, counts)?.suspects ?? [];
  const repeated = suspects.map(({ bin }) => repeatedIn(field, bin, values));
  const parts = Math.max(1, Math.ceil(values.length / longestVaried(profile)));
  const stretches = Array.from({ length: parts }, (_, at) =>
    values.slice(Math.floor((at * values.length) / parts), Math.floor(((at + 1) * values.length) / parts)),
  );
  const distinct = {
    stretches: stretches.map(({ length }) => ({ rows: length, weighted: length })),
    features: { [field.name]: stretches.map((stretch) => new Set(stretch).size) },
  };
  return {
    cardinality: variedFields(profile).includes(field)
      ? judgeCardinality({ profile, field, counts, distinct, quality })?.state
      : undefined,
    stuck: judgeStuck({ profile, field, counts, repeated, quality })?.state,
  };
}

function countsOf(field: ProfileField, values: readonly Value[]): FieldCounts {
  const bins = new Array<number>(field.counts.length).fill(0);
  for (const value of values) bins[binFor(field, value)]! += 1;
  const isSeen = isKnown(field);
  const unseen = values.filter((value) => !isSeen(value)).length;
  const states = { missing: 0, type_mismatch: 0, out_of_range: 0, non_finite: 0 };
  return {
    ...{ target: "feature", name: field.name, counts: bins, slots: [], source: "records" },
    states: { ...states, valid: values.length - unseen, unseen_category: unseen },
  };
}

const places = new WeakMap<ProfileField, Map<string, number>>();

function binFor(field: ProfileField, value: Value): number {
  if (field.kind === "numeric") return binOf(field.boundaries, Number(value));
  const known = places.get(field) ?? new Map(field.categories.map((category, at) => [category, at]));
  places.set(field, known);
  return known.get(String(value)) ?? field.categories.length;
}

function repeatedIn(field: ProfileField, bin: number, values: readonly Value[]) {
  const isMeant = !isRest(field, bin) || mayHaveMore(field) ? () => true : isKnown(field);
  const inBin = values.filter((value) => binFor(field, value) === bin && isMeant(value));
  const times = new Map<Value, number>();
  for (const value of inBin) times.set(value, (times.get(value) ?? 0) + 1);
  const [value, most] = [...times].reduce((best, next) => (next[1] > best[1] ? next : best));
  return { name: field.name, bin, value, share: most / inBin.length };
}

function isKnown(field: ProfileField): (value: Value) => boolean {
  if (field.kind === "numeric") return () => true;
  const known = new Set([...field.categories, ...field.otherCategories]);
  return (value) => known.has(String(value));
}

/** Values are merged with others of the window until one in so many is left. */
function keepSome(every: number): Fault["change"] {
  return (values, random) => {
    const distinct = [...new Set(values)];
    const kept = distinct.filter((_, at) => at % every === 0);
    const to = new Map(
      distinct.map((value, at) => [
        value,
        at % every === 0 ? value : kept[Math.floor(random.uniform() * kept.length)]!,
      ]),
    );
    return values.map((value) => to.get(value)!);
  };
}

function otherThan(value: Value, at: number): Value {
  return typeof value === "number" ? value + at * 1e-6 : `${value}-${at}`;
}

/** A share of the rows, drawn, hold one of the window's values. */
function stick(share: number): Fault["change"] {
  return (values, random) => {
    const value = values[Math.floor(random.uniform() * values.length)]!;
    return values.map((own) => (random.uniform() < share ? value : own));
  };
}
