import { nannyml } from "../reproduce/nannyml.ts";
import { free, limitedTo, type TablePlan } from "./table-plan.ts";

const METHODS = ["kolmogorov_smirnov", "jensen_shannon", "wasserstein", "hellinger", "chi2", "l_infinity"] as const;
/** Reference rows from which NannyML's KS and Wasserstein go over 10,000 bins of equal width. */
const EXACT_ROWS = 10_000;

/** A number that the run treats as a category. */
const CATEGORICAL_LABEL = "y_pred";

export const univariate: TablePlan = {
  fit({ reference }, { columns }) {
    const wanted = columns.flatMap((column) => {
      const method = METHODS.find((name) => column.endsWith(`_${name}_value`));
      return method === undefined ? [] : [{ method, feature: column.slice(0, -`_${method}_value`.length) }];
    });
    return (chunk) =>
      Object.fromEntries(
        wanted.map(({ method, feature }) => [
          `${feature}_${method}`,
          distance(method, reference[feature]!, chunk[feature]!, feature === CATEGORICAL_LABEL).value,
        ]),
      );
  },
  alerts({ reference }, name) {
    if (!name.endsWith("_chi2")) return null;
    const feature = name.slice(0, -"_chi2".length);
    return (chunk) => distance("chi2", reference[feature]!, chunk[feature]!, true).pvalue! < 0.05;
  },
  lines: (name) =>
    name.endsWith("_chi2")
      ? { lower: "none", upper: "none" }
      : {
          lower: "none",
          upper: name.endsWith("_kolmogorov_smirnov") ? limitedTo(1) : free,
        },
};

function distance(
  method: string,
  reference: readonly unknown[],
  chunk: readonly unknown[],
  isLabel: boolean,
): { readonly value: number; readonly pvalue?: number } {
  const isCategory = isLabel || reference.some((value) => value !== null && typeof value !== "number");
  const isBinned = (method === "kolmogorov_smirnov" || method === "wasserstein") && reference.length >= EXACT_ROWS;
  const start = `nannyml.drift.univariate.methods ${method} (${isCategory ? "categorical" : "continuous"})`;
  const known = Object.keys(nannyml).find((name) => name.startsWith(start) && name.includes("stimated") === isBinned);
  if (known === undefined) throw new Error(`no reproduction of ${start}`);
  const found = nannyml[known]!.run({
    id: "",
    fn: known,
    args: {},
    input: { ref: reference, cur: chunk },
    expected: 0,
  });
  return found as { value: number; pvalue?: number };
}
