import {
  type ControlLine,
  cChart,
  cusumChart,
  cusumRunLength,
  ewmaChart,
  ewmaRunLength,
  individualsChart,
  npChart,
  pChart,
  runRules,
  uChart,
  xBarRChart,
  xBarSChart,
} from "@tidemark/stats";
import type { FixtureCase } from "../fixture-file.ts";
import { type ReproductionGroup, reproduce } from "./reproduction.ts";

/** Constants of the NIST handbook's worked example, rounded as printed there. */
const TABULATED = { d2: 1.128, D4: 3.267 };

function list(entry: FixtureCase, name: string): number[] {
  return entry.args[name] as number[];
}

function individuals(entry: FixtureCase, constants?: typeof TABULATED) {
  const { individuals: x, movingRange, sigma } = individualsChart(list(entry, "x"), constants);
  return {
    mean: x.center,
    mr: movingRange.values,
    mrbar: movingRange.center,
    sigma,
    ...limits("x", x),
    ...limits("mr", movingRange),
    x_out: x.outside,
    // The fixtures number a moving range by the later of its two values.
    mr_out: movingRange.outside.map((i) => i + 1),
  };
}

function limits(prefix: string, line: ControlLine) {
  return { [`${prefix}_ucl`]: line.upper[0], [`${prefix}_lcl`]: line.lower[0] };
}

const p = reproduce((entry) => {
  const line = pChart(list(entry, "d"), entry.args["n"] as number | number[]);
  return { pbar: line.center, p: line.values, ucl: line.upper, lcl: line.lower, out: line.outside };
});

const ewma = reproduce((entry) => {
  const { mu: mean, sigma, lam: weight, L: width } = entry.args as Record<"mu" | "sigma" | "lam" | "L", number>;
  const line = ewmaChart(list(entry, "x"), { mean, sigma, weight, width });
  const settled = ewmaChart(list(entry, "x"), { mean, sigma, weight, width, limits: "asymptotic" });
  return {
    z: line.values,
    ucl: line.upper,
    lcl: line.lower,
    ucl_asym: settled.upper[0],
    lcl_asym: settled.lower[0],
    out: line.outside,
    out_asym: settled.outside,
  };
});

const cusum = reproduce((entry) => {
  const {
    mu: mean,
    k: slack,
    h: decision,
    headstart = 0,
  } = entry.args as Record<"mu" | "k" | "h" | "headstart", number>;
  const chart = cusumChart(list(entry, "x"), { mean, slack, decision, headstart });
  return {
    c_plus: chart.upper,
    c_minus: chart.lower,
    n_plus: chart.upperRuns,
    n_minus: chart.lowerRuns,
    out: chart.outside,
  };
});

/** Control charts, by the formulas of NIST and Montgomery. */
export const charts: ReproductionGroup = {
  "I-MR with d2=1.128, D4=3.267": reproduce((entry) => individuals(entry, TABULATED)),
  "I-MR exact d2": reproduce((entry) => individuals(entry)),
  "X-bar/R": reproduce((entry) => {
    const { mean, spread, sigma } = xBarRChart(entry.args["X"] as number[][]);
    const centers = { xbarbar: mean.center, Rbar: spread.center, sigma };
    return { xbar: mean.values, R: spread.values, ...centers, ...limits("x", mean), ...limits("r", spread) };
  }),
  "X-bar/S": reproduce((entry) => {
    const { mean, spread, sigma } = xBarSChart(entry.args["X"] as number[][]);
    const centers = { xbarbar: mean.center, sbar: spread.center, sigma };
    return { xbar: mean.values, s: spread.values, ...centers, ...limits("x", mean), ...limits("s", spread) };
  }),
  "p chart": p,
  "p chart varying n": p,
  "p chart LCL clipped": p,
  "p chart all zero": p,
  "np chart": reproduce((entry) => {
    const line = npChart(list(entry, "d"), entry.args["n"] as number);
    return { np_bar: line.center, ucl: line.upper[0], lcl: line.lower[0] };
  }),
  "c chart": reproduce((entry) => {
    const line = cChart(list(entry, "c"));
    return { cbar: line.center, ucl: line.upper[0], lcl: line.lower[0], out: line.outside };
  }),
  "u chart varying n": reproduce((entry) => {
    const line = uChart(list(entry, "c"), list(entry, "n"));
    return { ubar: line.center, u: line.values, ucl: line.upper, lcl: line.lower, out: line.outside };
  }),
  EWMA: ewma,
  "EWMA (exact time-varying and asymptotic limits)": ewma,
  "tabular CUSUM": cusum,
  "tabular CUSUM (FIR headstart, no reset after signal)": cusum,
  "Western Electric + Nelson rules": reproduce((entry) => runRules(list(entry, "z"))),
  "spc::xcusum.arl": reproduce(
    (entry) => {
      const { k: slack, h: decision, mu } = entry.args as Record<"k" | "h" | "mu", number>;
      return { ...entry.args, arl: cusumRunLength({ slack, decision }, mu) };
    },
    // The equation's condition grows with the run length: at 2e7 the last bit of the kernel is 4e-9 of the answer.
    { relative: 5e-9 },
  ),
  "spc::xewma.arl": reproduce((entry) => {
    const { l: weight, c: width, mu } = entry.args as Record<"l" | "c" | "mu", number>;
    return { ...entry.args, arl: ewmaRunLength({ weight, width }, mu) };
  }),
};
