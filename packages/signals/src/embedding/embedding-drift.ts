import type { EmbeddingProfile, ModelConfig, Target } from "@tidemark/schema";
import { metric } from "@tidemark/semconv";
import { judgeSlices, meanLogEvidence, type SlicesVerdict } from "@tidemark/stats";
import { unjudged } from "../drift/severity.ts";
import { totalOf } from "../field-of.ts";
import { createFinding } from "../finding.ts";
import { MINIMUM_WINDOW_ROWS } from "../minimum-rows.ts";
import { type CountedDirection, sliceReference, sliceSpread } from "../multivariate/slice-reference.ts";
import { slicesFindings } from "../multivariate/slices-findings.ts";
import { numberText, percentText } from "../number-text.ts";
import type { Finding, JudgeContext, WindowAggregate } from "../window-aggregate.ts";
import { centroidEvidence } from "./centroid-evidence.ts";
import { type CentroidShift, centroidShift } from "./centroid-shift.ts";
import { countVectors, type VectorCounts } from "./count-vectors.ts";
import { vectorDirectionCounts, vectorDirections } from "./vector-directions.ts";
import type { VectorSample } from "./vector-sample.ts";

/** e-value from which a single direction is said to have changed. */
const CHANGED = Math.log(1000);
const WARNING = Math.log(200);
/** A centroid that is proved to have moved by less has not changed, in spreads. */
const LEAST_SHIFT = 0.05;

/**
 * Have the vectors of a feature another distribution than in the reference?
 *
 * By feature of the profile's `embeddings`: `ml.drift.severity` and `ml.drift.evidence`, the mean of two e-values: of the centroid, wherever it moved to, and
 * the mean of those along its directions, of the vectors' length and of their distance from the reconstruction. That is an e-value whatever their dependence: at most 1
 * of 1,000 stable windows is critical. `ml.drift.centroid_shift`: how far the mean direction moved, in spreads of the reference, with a 95 % interval.
 *
 * A user's threshold on the location is one on that shift's lower bound.
 */
export function embeddingFindings(aggregate: WindowAggregate, context: JudgeContext): Finding[] {
  const { profile, config } = context;
  const windowMs = aggregate.window.endMs - aggregate.window.startMs;
  return (profile.embeddings ?? []).flatMap((embedding) => {
    const sample = aggregate.embeddings?.find(({ name }) => name === embedding.name);
    if (sample === undefined || config.drift.ignore.includes(embedding.name)) return [];
    return findingsOf(embedding, sample, windowMs, config.drift.threshold);
  });
}

function findingsOf(
  embedding: EmbeddingProfile,
  sample: VectorSample,
  windowMs: number,
  threshold: ModelConfig["drift"]["threshold"],
): Finding[] {
  const target: Target = { kind: "embedding", name: embedding.name };
  const counts = countVectors(embedding, sample);
  const { rows } = counts;
  const shift = centroidShift(embedding, counts, windowMs);
  if (rows === 0) return [withoutVectors(target, sample)];
  const described = shift === null ? [] : [shiftFinding(target, shift, rows)];
  if (shift === null || rows < MINIMUM_WINDOW_ROWS) {
    const note = `a verdict needs ${MINIMUM_WINDOW_ROWS} vectors that are not zeros; there are ${rows}`;
    return [unjudged(target, "insufficient_data", note, rows), ...described];
  }
  const judged = judgedDirections(embedding, counts);
  const byDirections = judgeSlices(
    {
      slices: judged.map(({ counted }) => ({ reference: sliceReference(counted, totalOf(counted.counts)) })),
    },
    judged.map((direction) => direction.counts),
    (slice) => sliceSpread(judged[slice]!.counted, windowMs),
  );
  const centroid = centroidEvidence(embedding, sample, counts, windowMs);
  const verdict = withCentroid(byDirections, centroid, shift);
  const change = changeOf(verdict, judged, rows, (centroid ?? 0) >= CHANGED);
  return [
    ...slicesFindings({
      target,
      verdict,
      note: verdict.state === "ok" ? "" : noteOf(embedding, counts, shift, change),
      numbers: {
        changed: change.changed,
        elsewhere: change.elsewhere,
        lengthAlone: change.lengthAlone ? 1 : 0,
        ...(centroid === null ? {} : { centroidEvidence: centroid }),
        centroidShift: shift.value,
        cosine: shift.cosine,
        length: counts.norm.mean,
        referenceLength: embedding.norm.mean,
      },
      threshold: threshold && { effect: effectOf(verdict, shift, threshold.metric), value: threshold.value },
    }),
    ...described,
  ];
}

function withoutVectors(target: Target, { rows, missing, wrongDimension, nonFinite }: VectorSample): Finding {
  const seen = rows + wrongDimension + nonFinite;
  return seen > 0
    ? unjudged(target, "insufficient_data", `none of the ${seen} vectors is usable; see data quality`, 0)
    : unjudged(target, "no_data", `${missing} predictions came without a vector`, 0);
}

function shiftFinding(target: Target, shift: CentroidShift, count: number): Finding {
  const { value, lower, upper, cosine, usual } = shift;
  return createFinding({
    target,
    metric: metric.driftCentroidShift,
    value,
    lower,
    upper,
    evidence: {
      numbers: { cosine, ...(usual === null ? {} : { usual }) },
      note: "distance of the mean directions over the reference's spread; the interval is about the rows, `usual` is what periods of the reference differ by",
      bins: null,
    },
    count,
  });
}

interface JudgedDirection {
  readonly name: string;
  readonly counted: CountedDirection;
  readonly counts: readonly number[];
}

function judgedDirections(embedding: EmbeddingProfile, counts: VectorCounts): JudgedDirection[] {
  const own = vectorDirectionCounts(counts);
  return vectorDirections(embedding).map((direction, at) => ({ ...direction, counts: own[at]! }));
}

interface Change {
  /** Directions that changed by themselves, of all. */
  readonly changed: number;
  readonly directions: number;
  readonly strongest: string;
  /** Only the lengths did. */
  readonly lengthAlone: boolean;
  /** Largest share of rows that lie in one outer bin of a direction, where a twentieth of the reference's do. */
  readonly elsewhere: number;
}

/** The e-value of the centroid counts as much as the mean of all directions; what it proves matters from a shift of 0.05 spreads on. */
function withCentroid(verdict: SlicesVerdict, centroid: number | null, shift: CentroidShift): SlicesVerdict {
  if (centroid === null) return verdict;
  const logEvidence = meanLogEvidence([verdict.logEvidence, centroid]);
  const practical = verdict.verdict.practical || shift.upper >= LEAST_SHIFT;
  const level = logEvidence >= CHANGED ? "critical" : logEvidence >= WARNING ? "warning" : "ok";
  return { ...verdict, logEvidence, state: practical ? level : "ok", verdict: { ...verdict.verdict, practical } };
}

function changeOf(
  { evidences, strongest }: SlicesVerdict,
  judged: readonly JudgedDirection[],
  rows: number,
  hasMoved: boolean,
): Change {
  const changed = evidences.map((evidence) => evidence >= CHANGED);
  const outer = judged.slice(1).map(({ counts }) => Math.max(counts[0]!, counts.at(-1)!) / rows);
  return {
    changed: changed.filter(Boolean).length,
    directions: judged.length,
    strongest: judged[strongest]!.name,
    lengthAlone: changed[0]! && !hasMoved && !changed.slice(1).some(Boolean),
    elsewhere: Math.max(...outer),
  };
}

function noteOf(
  { norm }: EmbeddingProfile,
  counts: VectorCounts,
  shift: CentroidShift,
  { changed, directions, strongest, lengthAlone }: Change,
): string {
  const length = `their mean length is ${numberText(counts.norm.mean)}, ${numberText(norm.mean)} in the reference`;
  if (lengthAlone) return `the vectors point where they did, but ${length}`;
  const usual = shift.usual === null ? "" : `; usual is ${numberText(shift.usual)}`;
  const moved = `the mean vector moved by ${numberText(shift.value)} of the reference's spread (95 % interval ${numberText(shift.lower)} to ${numberText(shift.upper)}${usual})`;
  const carried = `${changed} of ${directions} directions carry it, most of all ${strongest}`;
  const where = changed > 0 ? carried : "no single direction carries it";
  return `${moved}; ${where}; farthest out: ${counts.farthest.join(", ")}`;
}

function effectOf({ verdict }: SlicesVerdict, shift: CentroidShift, effect: "psi" | "js" | "location"): number {
  if (effect === "location") return shift.lower;
  return (effect === "psi" ? verdict.psiLower : verdict.jsLower) ?? 0;
}

/** For texts elsewhere. */
export function elsewhereText(share: number): string {
  return `${percentText(share)} of the vectors lie where a twentieth of the reference's do`;
}
