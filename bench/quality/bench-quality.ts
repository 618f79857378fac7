import { type CategoricalField, modelConfigSchema } from "@tidemark/schema";
import { listCategories } from "../../packages/processor/src/profile/category-list.ts";
import { judgePattern } from "../../packages/signals/src/quality/judge-pattern.ts";
import type { BenchOptions } from "../bench-options.ts";
import type { BenchResult } from "../bench-result.ts";
import { type Group, proportionOf } from "../detection/proportion.ts";
import { createSeededRandom } from "../detection/seeded-random.ts";

const REFERENCE_ROWS = [1_000, 10_000];
/** Rows of a window, and windows held against one reference. */
const WINDOWS = [
  [200, 20],
  [2_000, 20],
  [20_000, 8],
] as const;
const EXPRESSION = "A[0-9]+";
const RARE_NAMES = 1_500;

const { quality } = modelConfigSchema.parse({ name: "m", profile: "p.json" });

/** False alarms of the rule `pattern`: windows drawn from the world of their reference, where some values always broke the form. */
export function benchQuality({ size, seed }: BenchOptions): BenchResult[] {
  const references = size === "quick" ? 4 : 25;
  console.log("| breaches of the form | windows | warning | critical |\n| --- | --- | --- | --- |");
  return Object.entries(worldsOf(seed)).flatMap(([world, draw]) => {
    const groups = { warning: [] as Group[], critical: [] as Group[] };
    for (const referenceRows of REFERENCE_ROWS) {
      for (let reference = 0; reference < references; reference++) {
        const field = fieldOf(Array.from({ length: referenceRows }, draw));
        const states = WINDOWS.flatMap(([rows, windows]) =>
          Array.from({ length: windows }, () => stateOf(field, rows, draw)),
        );
        for (const state of ["warning", "critical"] as const) {
          groups[state].push({ events: states.filter((own) => own === state).length, trials: states.length });
        }
      }
    }
    const [warning, critical] = [proportionOf(groups.warning), proportionOf(groups.critical)];
    const text = ({ rate, lower, upper }: typeof warning) =>
      `${percent(rate)} % [${percent(lower)}, ${percent(upper)}]`;
    console.log(`| ${world} | ${critical.trials} | ${text(warning)} | ${text(critical)} |`);
    return (["warning", "critical"] as const).map((state) => {
      const { rate, lower, upper, trials } = state === "warning" ? warning : critical;
      const name = `pattern, ${world}: stable windows ${state}`;
      return { name, value: rate, unit: "1", against: null, ratio: null, lower, upper, trials };
    });
  });
}

function worldsOf(seed: string): Record<string, () => string> {
  const random = createSeededRandom(`quality/${seed}`);
  const sums = Float64Array.from({ length: RARE_NAMES }, (_, k) => 1 / (k + 1));
  for (let k = 1; k < sums.length; k++) sums[k]! += sums[k - 1]!;
  // Name k as often as 1 / (k + 1).
  const rank = () => {
    const at = random.uniform() * sums.at(-1)!;
    let [low, high] = [0, RARE_NAMES - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sums[middle]! < at) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const frequent = () => `A${Math.floor(20 * random.uniform())}`;
  const rare = (every: number) => () => {
    const k = rank();
    return k > 50 && k % every === 0 ? `bad${k}` : `A${k}`;
  };
  let typos = 0;
  return {
    "0.5 % under one frequent name": () => (random.uniform() < 0.005 ? "bad" : frequent()),
    "2 % under one frequent name": () => (random.uniform() < 0.02 ? "bad" : frequent()),
    "10 % under one frequent name": () => (random.uniform() < 0.1 ? "bad" : frequent()),
    "2 % under every twentieth of 1,500 names": rare(20),
    "6 % under every seventh of 1,500 names": rare(7),
    "2 % typing errors, each once, 20 names": () => (random.uniform() < 0.02 ? `bad${typos++}` : frequent()),
    "2 % typing errors, each once, 1,500 names": () => (random.uniform() < 0.02 ? `bad${typos++}` : `A${rank()}`),
  };
}

/** What `tidemark profile` keeps of a column of independent rows. */
function fieldOf(rows: readonly string[]): CategoricalField {
  const byName = new Map<string, number>();
  for (const value of rows) byName.set(value, (byName.get(value) ?? 0) + 1);
  const lists = listCategories(byName);
  const named = lists.categories.map((category) => byName.get(category)!);
  const rest = rows.length - named.reduce((sum, count) => sum + count, 0);
  return {
    target: "feature",
    name: "code",
    kind: "categorical",
    ...lists,
    counts: [...named, rest],
    varianceInflation: { rows: [1, 1] },
  } as unknown as CategoricalField;
}

function stateOf(field: CategoricalField, rows: number, draw: () => string) {
  let broken = 0;
  for (let row = 0; row < rows; row++) if (draw().startsWith("bad")) broken += 1;
  return judgePattern({ field, counts: { name: "code", expression: EXPRESSION, rows, broken }, quality })!.state;
}

function percent(share: number): string {
  return (100 * share).toFixed(2);
}
