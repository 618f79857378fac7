import { compareOnGroups } from "./comparison.ts";
import type { DetectionReference } from "./detection-reference.ts";
import { type LocationShift, measureEffect, measureLocation } from "./effect.ts";
import { isJointProof } from "./joint-proof.ts";
import { type Exponents, windowLogEvidence } from "./log-evidence.ts";
import { meanLogEvidence } from "./mean-log-evidence.ts";
import { sumProbes } from "./probe-sums.ts";
import { scoreTest } from "./score-test.ts";

/** A window's counts on the bins of a reference. */
export interface WindowPart {
  readonly reference: DetectionReference;
  readonly counts: readonly number[];
}

export interface JudgeOptions {
  /** Variance inflation of location and scale (DETECTION 5); [1, 1] for independent rows. */
  readonly variance: readonly [number, number];
  /**
   * Variance of what whole windows of this length differ by, location and scale, in squared standard deviations of the
   * probes: how much the means of days or weeks of the reference vary beyond what their rows explain. A difference counts
   * only beside it, however many rows a window has. Default [0, 0].
   */
  readonly between?: readonly [number, number];
  /**
   * With several parts: the whole window beside one reference on common bins, for PSI, JS, TV and chi-square. That
   * reference must be the mixture of the slots by the window's own rows, or season counts as drift. Without it the parts
   * are added bin by bin, which needs equal numbers of bins. Where it tells categories apart that a part merges, the evidence is the
   * mean of both readings.
   */
  readonly overall?: WindowPart;
  /**
   * A user's line: no warning or critical where the effect's lower bound is below it. `js` is the divergence in nats; a
   * `location` line does not concern categorical bins, which have no location.
   */
  readonly threshold?: { readonly metric: "psi" | "js" | "location"; readonly value: number };
  /**
   * Whether the caller has found that the change matters, by a measure of its own such as a share beyond its line. Then PSI, which merges
   * bins that hold less than a few hundredths and so cannot see what is new and small, is not asked. Default false.
   */
  readonly matters?: boolean;
  /**
   * What makes a window critical. `evidence`: e >= 1000 alone, as DETECTION 3 has it. `joint` (default): against a small
   * reference (under 5,000 rows) also p <= 0.001 with e >= 50 (categorical: 13), which finds what evidence alone misses there.
   */
  readonly criticalBy?: "evidence" | "joint";
  /**
   * How dependent rows weaken evidence. `clusters` (default): far alternatives by more than the variance inflation, so that
   * one long burst proves nothing; `variance`: all by the inflation, as DETECTION 3 has it. Equal for variance [1, 1].
   */
  readonly exponents?: Exponents;
}

export interface WindowVerdict {
  readonly state: "ok" | "warning" | "critical" | "insufficient_data";
  readonly rows: number;
  /** ln e against the reference; `evidence` is e >= 1000, whatever the size of the effect. */
  readonly logEvidence: number;
  readonly evidence: boolean;
  /** Whether the effect is large enough to matter: not proved negligible, and past the user's threshold. */
  readonly practical: boolean;
  /** Of any difference, however small. */
  readonly pValue: number;
  /** Normal scores of location and scale; null for categorical bins. */
  readonly scores: readonly [number, number] | null;
  readonly chiSquare: number;
  readonly degreesOfFreedom: number;
  /** Lower and upper: one-sided 95 % bounds. Corrected: without the bias of finite rows. All null for an empty window. */
  readonly psi: number | null;
  readonly psiLower: number | null;
  readonly psiUpper: number | null;
  readonly psiCorrected: number | null;
  /** Jensen-Shannon divergence, nats. */
  readonly js: number | null;
  readonly jsLower: number | null;
  readonly jsUpper: number | null;
  readonly jsCorrected: number | null;
  readonly totalVariation: number | null;
  /** Groups of bins that the effect was computed on. */
  readonly groups: number;
  /** Standard deviations of the normal-score scale, with a 95 % interval; null for categorical bins and empty windows. */
  readonly location: LocationShift | null;
}

const CRITICAL_LOG_EVIDENCE = Math.log(1000);
const WARNING_LOG_EVIDENCE = Math.log(200);
const WARNING_P_VALUE = 0.0005;
const LEAST_ROWS = 50;
const LEAST_REFERENCE_ROWS = 200;
/** PSI of a shift of 0.05 standard deviations: a change proved smaller is ok, however certain. */
const NEGLIGIBLE_PSI = 0.0025;

/**
 * Judges one window against its reference from bin counts alone (DETECTION 3, 7 and 9).
 *
 * @param parts the window's counts beside their reference; several where the window covers several season slots, each
 * with its own reference. All of one kind.
 * @returns `critical` at e >= 1000 (at most 1 of 1,000 stable windows) or as `criticalBy` says, `warning` at e >= 200 or p <= 0.0005, both only
 * where the change matters; `insufficient_data` below 50 rows or 200 reference rows. An empty window has no effect and
 * p = 1: whether it is `no_data` is the caller's to say.
 * @throws RangeError where there is no part, kinds are mixed, counts do not fit their reference, a count is negative or not
 * finite, or a variance is below 1.
 */
export function judgeWindow(parts: readonly WindowPart[], options: JudgeOptions): WindowVerdict {
  validate(parts, options);
  const {
    variance,
    overall,
    threshold,
    criticalBy = "joint",
    exponents = "clusters",
    between = [0, 0],
    matters,
  } = options;
  const rows = parts.reduce((sum, { counts }) => counts.reduce((own, count) => own + count, sum), 0);
  if (rows === 0) return EMPTY_VERDICT;
  const looks = overall !== undefined && hidesCategories(parts, overall) ? [parts, [overall]] : [parts];
  const logEvidence = meanLogEvidence(looks.map((look) => windowLogEvidence(look, { variance, between, exponents })));
  const evidence = logEvidence >= CRITICAL_LOG_EVIDENCE;
  const comparison = compareOnGroups(parts, overall);
  const probes = sumProbes(parts);
  const spread = { variance, between };
  const { psi, js, totalVariation, groups } = measureEffect(comparison, spread);
  const location = measureLocation(probes, spread);
  const test = scoreTest(comparison, probes, spread);
  const lowerBounds = {
    psi: psi.lower,
    js: js.lower,
    location: location === null ? Number.POSITIVE_INFINITY : Math.max(location.lower, -location.upper, 0),
  };
  const practical =
    (matters || psi.upper >= NEGLIGIBLE_PSI) &&
    (threshold === undefined || lowerBounds[threshold.metric] >= threshold.value);
  const referenceRows =
    overall?.reference.referenceRows ?? parts.reduce((sum, { reference }) => sum + reference.referenceRows, 0);
  const proof = { kind: parts[0]!.reference.kind, rows, referenceRows, variance, logEvidence, pValue: test.pValue };
  const varies = between[0] > 0 || between[1] > 0;
  const proved = evidence || (criticalBy === "joint" && !varies && isJointProof(proof));
  const warns = logEvidence >= WARNING_LOG_EVIDENCE || test.pValue <= WARNING_P_VALUE;
  return {
    state:
      rows < LEAST_ROWS || referenceRows < LEAST_REFERENCE_ROWS
        ? "insufficient_data"
        : practical && proved
          ? "critical"
          : practical && warns
            ? "warning"
            : "ok",
    rows,
    logEvidence,
    evidence,
    practical,
    ...test,
    psi: psi.value,
    psiLower: psi.lower,
    psiUpper: psi.upper,
    psiCorrected: psi.corrected,
    js: js.value,
    jsLower: js.lower,
    jsUpper: js.upper,
    jsCorrected: js.corrected,
    totalVariation,
    groups,
    location,
  };
}

/** Whether slots have too few rows for categories that the whole window tells apart: then both readings count, as the mean of two e-values. */
function hidesCategories(parts: readonly WindowPart[], { reference }: WindowPart): boolean {
  return reference.kind === "categorical" && parts.some((part) => part.reference.binCount < reference.binCount);
}

const EMPTY_VERDICT: WindowVerdict = {
  state: "insufficient_data",
  rows: 0,
  logEvidence: 0,
  evidence: false,
  practical: false,
  pValue: 1,
  scores: null,
  chiSquare: 0,
  degreesOfFreedom: 0,
  psi: null,
  psiLower: null,
  psiUpper: null,
  psiCorrected: null,
  js: null,
  jsLower: null,
  jsUpper: null,
  jsCorrected: null,
  totalVariation: null,
  groups: 0,
  location: null,
};

function validate(parts: readonly WindowPart[], { variance, between = [0, 0], overall }: JudgeOptions): void {
  if (parts.length === 0) throw new RangeError("parts is empty; a window has at least one part");
  const { kind } = parts[0]!.reference;
  for (const part of overall === undefined ? parts : [...parts, overall]) {
    if (part.reference.kind !== kind)
      throw new RangeError("parts mix numeric and categorical references; use one kind");
    if (part.counts.length !== part.reference.binCount) {
      throw new RangeError(
        `counts has ${part.counts.length} bins, its reference ${part.reference.binCount}; use the same bins`,
      );
    }
    for (const count of part.counts) {
      if (!(count >= 0 && count <= Number.MAX_SAFE_INTEGER)) {
        throw new RangeError(`counts holds ${count}; counts are not negative and at most 2^53`);
      }
    }
  }
  if (!(variance[0] >= 1 && variance[1] >= 1 && variance[0] < Infinity && variance[1] < Infinity)) {
    throw new RangeError(`variance is [${variance}]; both inflations are finite and at least 1`);
  }
  if (!between.every((value) => value >= 0 && value < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`between is [${between}]; both variances are finite and not negative`);
  }
}
