import type { ReferenceRisk } from "@tidemark/schema";
import { attr, metric } from "@tidemark/semconv";
import type { HarmState } from "@tidemark/stats";
import { createFinding } from "../finding.ts";
import { numberText } from "../number-text.ts";
import type { Finding } from "../window-aggregate.ts";
import type { HarmVerdict, SegmentOf } from "./harm-family.ts";

const TARGET = "harmful_shift";

const WORDS: Readonly<Record<HarmState, string>> = {
  insufficient_data: "too little is known yet",
  ok: "no rise over the reference is proved",
  warning: "a rise over the reference is proved, within the tolerance",
  critical: "a rise over the reference by more than the tolerance is proved",
};

/** A harmful-shift verdict as a finding: the mean loss with its any-time bounds against the line that it has to pass. */
export function harmFinding(verdict: HarmVerdict, loss: ReferenceRisk["loss"]): Finding {
  const { risk, line, referenceUpper, alpha, rowsPerIndependent, segment } = verdict;
  return createFinding({
    ...aboutOf(segment),
    metric: metric.performanceHarm,
    value: risk?.mean ?? null,
    lower: risk?.lower ?? null,
    upper: risk?.upper ?? null,
    state: verdict.state,
    threshold: Number.isFinite(referenceUpper) ? referenceUpper + line.tolerance : null,
    evidence: {
      numbers: {
        reference: line.reference.mean,
        referenceUpper,
        tolerance: line.tolerance,
        cap: line.cap,
        alpha,
        ...(risk === null ? {} : { sinceMs: risk.sinceMs }),
        ...(rowsPerIndependent === null ? {} : { rowsPerIndependent }),
      },
      note: noteOf(verdict, loss),
      bins: null,
    },
    count: verdict.rows,
    effective: verdict.effective,
  });
}

/** Says that the values of a segment are not judged: the profile was made without it. */
export function unjudgedHarmFinding(segment: string): Finding {
  return createFinding({
    target: { kind: "segment", name: `${TARGET} ${segment}` },
    metric: metric.performanceHarm,
    attributes: { [attr.segmentName]: segment },
    value: null,
    state: "insufficient_data",
    evidence: {
      numbers: {},
      note: `not judged: the profile holds no loss by ${segment}. Make it again with tidemark profile --segments ${segment}, from data with that column.`,
      bins: null,
    },
    count: 0,
  });
}

/** Each value is a target of its own, so that it has incidents of its own. */
function aboutOf(segment: SegmentOf | null): Pick<Finding, "target" | "attributes"> {
  if (segment === null) return { target: { kind: "prediction", name: TARGET }, attributes: {} };
  const { name, value } = segment;
  return {
    target: { kind: "segment", name: `${TARGET} ${name}=${value}` },
    attributes: { [attr.segmentName]: name, [attr.segmentValue]: value },
  };
}

function noteOf(
  { state, risk, line, referenceUpper, rowsPerIndependent, segment, against, isMature }: HarmVerdict,
  loss: string,
): string {
  const since = risk === null ? "" : ` since ${new Date(risk.sinceMs).toISOString()}`;
  const of = segment === null ? "" : ` of ${segment.name} ${segment.value}`;
  const independent =
    rowsPerIndependent === null ? "rows are" : `every ${numberText(rowsPerIndependent)} rows count as one`;
  return [
    `${loss} loss${of}${since}: ${WORDS[state]}.`,
    referenceUpper + line.tolerance >= line.cap
      ? "The reference has too few independent rows to prove anything against."
      : "",
    against === "own"
      ? ""
      : `Not in the reference: held against ${against.hardest}, the ${segment!.name} that is hardest there.`,
    `Holds for all verdicts of the model at every look together with 95 %, if ${independent} independent.`,
    isMature ? "" : "This window waits for its outcomes.",
  ]
    .filter((sentence) => sentence !== "")
    .join(" ");
}
