import type { Evidence } from "@tidemark/schema";
import type { Finding } from "./window-aggregate.ts";

type Described = Pick<Finding, "target" | "metric" | "value" | "count"> & Partial<Finding>;

/** Evidence of a value that speaks for itself. */
const NO_EVIDENCE: Evidence = { numbers: {}, note: "", bins: null };

/**
 * A finding that only describes (no interval, no verdict), with the given members put over it.
 * `effective` is `count` unless given; numbers in the evidence that are not finite are left out.
 */
export function createFinding(parts: Described): Finding {
  return {
    attributes: {},
    lower: null,
    upper: null,
    state: null,
    threshold: null,
    effective: parts.count,
    ...parts,
    evidence: finiteEvidence(parts.evidence ?? NO_EVIDENCE),
  };
}

function finiteEvidence(evidence: Evidence): Evidence {
  const numbers = Object.entries(evidence.numbers).filter(([, value]) => Number.isFinite(value));
  return { ...evidence, numbers: Object.fromEntries(numbers) };
}
