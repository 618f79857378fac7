import { max, mul, n, or } from "@grafana/promql-builder";
import { attr, metrics } from "@tidemark/semconv";
import { type Labels, labelNames, series } from "../promql/query.ts";
import { STATE_NUMBERS } from "./state-numbers.ts";

/** The worst state of the verdicts chosen by `labels`, by number, one series for each combination of the `by` keys. */
export function worstState(labels: Labels, by: readonly string[]): string {
  const [first, ...others] = Object.entries(STATE_NUMBERS).map(([state, number]) =>
    mul(
      max(series(metrics.monitorStatus, { ...labels, [attr.monitorState]: state })).without(["instance", "job"]),
      n(number),
    ),
  );
  return max(others.reduce((all, one) => or(all, one), first!))
    .by(labelNames(...by))
    .toString();
}
