import { add, max, mul, n, or, scalar, unless, vector } from "@grafana/promql-builder";
import { attr, type MonitorState, metrics } from "@tidemark/semconv";
import { thresholds } from "../alerting/thresholds.ts";
import { labelNames, series } from "./query.ts";
import { withLabel } from "./with-label.ts";

/** How long nothing has come of each model. */
export function dataAge() {
  return max(series(metrics.dataAge)).by(labelNames(attr.modelName));
}

/** The age from which that is a warning or critical; nothing of a model that sends, or of which too few weeks are known. */
export function ageLimit(state: MonitorState) {
  return max(series(metrics.dataAgeLimit, { [attr.monitorState]: state })).by(labelNames(attr.modelName));
}

/** The lines of every model by state: of one without limits the fixed line, which is critical. */
export function ageLines() {
  const fixed = add(mul(dataAge(), n(0)), scalar(vector(thresholds.dataAge.record)));
  return or(
    max(series(metrics.dataAgeLimit)).by(labelNames(attr.modelName, attr.monitorState)),
    withLabel(unless(fixed, ageLimit("critical")), labelNames(attr.monitorState)[0]!, "critical"),
  );
}
