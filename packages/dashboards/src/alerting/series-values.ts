import type { Probe } from "./alert-definition.ts";

/** Minutes in which a condition holds or does not. */
export interface Phase {
  readonly state: "good" | "bad";
  readonly minutes: number;
}

/**
 * A probe's values over the phases in promtool's notation: `a+bxn` for n + 1 values from a in steps of b, `_xn` for n
 * values that are missing. A counter grows by its value each minute.
 *
 * @example seriesValues({ series: "x", kind: "counter", good: 0, bad: 5 }, [{ state: "good", minutes: 2 }, { state: "bad", minutes: 2 }], 1) // "0+0x1 5+5x1"
 */
export function seriesValues(probe: Probe, phases: readonly Phase[], stepMinutes: number): string {
  let total = probe.start ?? 0;
  let isFirst = true;
  return phases
    .map(({ state, minutes }) => {
      const steps = minutes / stepMinutes;
      const value = probe[state];
      if (value === null) return `_x${steps}`;
      if (probe.kind === "gauge") return `${value}x${steps - 1}`;
      const growth = value * stepMinutes;
      const from = isFirst ? total : total + growth;
      isFirst = false;
      total = from + growth * (steps - 1);
      return `${from}+${growth}x${steps - 1}`;
    })
    .join(" ");
}
