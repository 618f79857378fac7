import type { ReferenceRisk } from "@tidemark/schema";
import { metric } from "@tidemark/semconv";
import type { HarmState } from "@tidemark/stats";
import { createFinding } from "../finding.ts";
import { numberText } from "../number-text.ts";
import type { Finding } from "../window-aggregate.ts";
import type { HarmWindow } from "./harm-windows.ts";

const WORDS: Readonly<Record<HarmState, string>> = {
  insufficient_data: "too little is known yet",
  ok: "no rise over the reference is proved",
  warning: "a rise over the reference is proved, within the tolerance",
  critical: "a rise over the reference by more than the tolerance is proved",
};

/** A harmful-shift verdict as a finding: the mean loss with its any-time bounds against the line that it has to pass. */
export function harmFinding(window: HarmWindow, { loss, cap, mean: referenceMean }: ReferenceRisk): Finding {
  const { risk, referenceUpper, tolerance, rowsPerIndependent } = window;
  const since = risk === null ? "" : ` since ${new Date(risk.sinceMs).toISOString()}`;
  return createFinding({
    target: { kind: "prediction", name: "harmful_shift" },
    metric: metric.performanceHarm,
    value: risk?.mean ?? null,
    lower: risk?.lower ?? null,
    upper: risk?.upper ?? null,
    state: window.state,
    threshold: Number.isFinite(referenceUpper) ? referenceUpper + tolerance : null,
    evidence: {
      numbers: {
        reference: referenceMean,
        referenceUpper,
        tolerance,
        cap,
        ...(risk === null ? {} : { sinceMs: risk.sinceMs }),
        ...(rowsPerIndependent === null ? {} : { rowsPerIndependent }),
      },
      note:
        `${loss} loss${since}: ${WORDS[window.state]}. Holds at every look together with 95 %, if ` +
        `${rowsPerIndependent === null ? "rows are" : `every ${numberText(rowsPerIndependent)} rows count as one`} independent.` +
        (window.isMature ? "" : " This window waits for its outcomes."),
      bins: null,
    },
    count: window.rows,
    effective: window.effective,
  });
}
