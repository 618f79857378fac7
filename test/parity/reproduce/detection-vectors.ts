import {
  createDetectionReference,
  EDetector,
  type EDetectorOptions,
  type EDetectorState,
  judgeWindow,
  probeValues,
  type WindowVerdict,
} from "@tidemark/stats";
import { type SpecifiedInput as Input, type ReproductionGroup, reproduce } from "./reproduction.ts";

/** ln 0 in the vectors. */
const LOG_OF_ZERO = -1e300;
const TOLERANCE = { absolute: 1e-12 };

function profileOf({ reference_counts, kind, p }: Input) {
  const reference = createDetectionReference(reference_counts, kind);
  const { count, weights, logRatios } = reference.alternatives;
  const logRatioOf = (alternative: number) => p.map((_: number, bin: number) => logRatios[bin * count + alternative]);
  return {
    reference_counts,
    kind,
    p: reference.probabilities,
    alternatives: count,
    weights_first_last: [weights[0], weights[count - 1]],
    log_ratio_first: logRatioOf(0),
    log_ratio_last: logRatioOf(count - 1),
    log_ratio_sum: logRatios.reduce((sum, value) => sum + value, 0),
    probes: probeValues(reference),
  };
}

function windowOf({ profile, counts, V, effect_metric, effect_threshold }: Input) {
  const reference = createDetectionReference(profile.reference_counts, profile.kind);
  const verdict = judgeWindow([{ reference, counts }], {
    variance: V,
    criticalBy: "evidence",
    exponents: "variance",
    ...(effect_metric && { threshold: { metric: effect_metric, value: effect_threshold } }),
  });
  return windowMembers(verdict);
}

function windowMembers(verdict: WindowVerdict) {
  return {
    state: verdict.state,
    log_e: verdict.logEvidence,
    p: verdict.pValue,
    z: verdict.scores ?? [],
    chi2: verdict.chiSquare,
    df: verdict.degreesOfFreedom,
    evidence: verdict.evidence,
    practical: verdict.practical,
    psi: verdict.psi,
    js: verdict.js,
    tv: verdict.totalVariation,
    groups: verdict.groups,
    psi_lo: verdict.psiLower,
    psi_hi: verdict.psiUpper,
    psi_corrected: verdict.psiCorrected,
    js_lo: verdict.jsLower,
    js_hi: verdict.jsUpper,
    js_corrected: verdict.jsCorrected,
    loc: verdict.location?.value,
    loc_lo: verdict.location?.lower,
    loc_hi: verdict.location?.upper,
  };
}

function optionsOf(stream: Input): EDetectorOptions {
  return {
    references: stream.reference_counts.map((counts: number[]) => createDetectionReference(counts, stream.kind)),
    alarmLooks: stream.A,
    learn: stream.learn,
    initialVariance: stream.V0,
    warmupLooks: stream.warmup,
    exponents: "variance",
    leastDivergence: 0,
  };
}

/** What the detector says from one look on, and its state at the end. */
function follow(detector: EDetector, stream: Input, from: number) {
  const looks = stream.looks.slice(from).map(({ counts, slot }: Input) => {
    const { logEvidence, variance, state } = detector.look(counts, slot);
    const base_N = detector.snapshot().baselines[slot]!.total;
    return { log_R: Math.max(LOG_OF_ZERO, logEvidence), V: variance, base_N, state };
  });
  return { looks, final: toVector(detector.snapshot(), stream.final) };
}

/** A state under the names of the vectors; a slot never looked at has no log means there. */
function toVector(state: EDetectorState, { psi }: Input) {
  return {
    R: state.evidence.alternatives,
    Ra: state.evidence.omnibus,
    ew: state.evidence.recentCounts,
    base: state.baselines.map(({ counts }) => counts),
    N: state.baselines.map(({ total }) => total),
    psi: state.baselines.map(({ logMeans }, slot) => (psi[slot] === null ? null : logMeans)),
    psiN: state.baselines.map(({ logMeansTotal }) => logMeansTotal),
    prev_sum: byLevel(state.ladder.previousSums, state.ladder),
    prev_n: state.ladder.previousRows,
    parity: state.ladder.parity,
    acc: byLevel(state.ladder.accumulated, state.ladder),
    cnt: state.ladder.comparisons,
    V: state.variance,
    state: state.state,
    rows: state.rows,
    held: state.held,
    held_slot: state.heldSlot,
    looks: state.looks,
  };
}

function toState(vector: Input): EDetectorState {
  return {
    evidence: { alternatives: vector.R, omnibus: vector.Ra, recentCounts: vector.ew },
    baselines: vector.base.map((counts: number[], slot: number) => ({
      counts,
      total: vector.N[slot],
      logMeans: vector.psi[slot] ?? vector.R.map(() => 0),
      logMeansTotal: vector.psiN[slot],
    })),
    ladder: {
      previousSums: vector.prev_sum.flat(),
      previousRows: vector.prev_n,
      parity: vector.parity,
      accumulated: vector.acc.flat(),
      comparisons: vector.cnt,
    },
    variance: vector.V,
    held: vector.held,
    heldSlot: vector.held_slot,
    state: vector.state,
    rows: vector.rows,
    looks: vector.looks,
  };
}

/** The sums of every level, one a probe. */
function byLevel(flat: ArrayLike<number>, { comparisons }: EDetectorState["ladder"]): number[][] {
  const probes = flat.length / comparisons.length;
  return Array.from(comparisons, (_, level) => Array.from(flat).slice(level * probes, (level + 1) * probes));
}

/** The drift detector's vectors: every table, window, look and restored state of DETECTION.md. */
export const detectionVectors: ReproductionGroup = {
  "detection.profile": reproduce(({ input }) => profileOf(input), TOLERANCE),
  "detection.window": reproduce(({ input }) => windowOf(input), TOLERANCE),
  "detection.slot_window": reproduce(({ input }) => {
    const { reference_counts, kind, counts, V } = input as Input;
    const parts = reference_counts.map((reference: number[], slot: number) => ({
      reference: createDetectionReference(reference, kind),
      counts: counts[slot],
    }));
    return judgeWindow(parts, { variance: V, exponents: "variance" }).logEvidence;
  }, TOLERANCE),
  "detection.stream": reproduce(({ input }) => follow(new EDetector(optionsOf(input)), input, 0), TOLERANCE),
  "detection.restored_stream": reproduce(({ input }) => {
    const { after_look, state } = (input as Input).snapshot;
    return follow(EDetector.restore(optionsOf(input), toState(state)), input, after_look + 1);
  }, TOLERANCE),
};
