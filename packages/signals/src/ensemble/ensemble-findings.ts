import type { Evidence } from "@tidemark/schema";
import { attr, metric } from "@tidemark/semconv";
import { createFinding } from "../finding.ts";
import { numberText } from "../number-text.ts";
import type { Finding } from "../window-aggregate.ts";
import type { EnsembleSums } from "./ensemble-sums.ts";
import { memberFindings, memberTarget } from "./member-findings.ts";
import { squareOf } from "./moments.ts";
import type { ReweighedWindow } from "./reweigh-ensemble.ts";
import { type WeightsInUse, weightsInUse } from "./weights-in-use.ts";

/**
 * A window of an ensemble as findings: each member's and the ensemble's own errors, what leaving a member out would do, how far
 * members differ, the weights in use, and those that would have been better. They describe; none carries a verdict.
 */
export function ensembleFindings(sums: EnsembleSums, reweighed: ReweighedWindow): Finding[] {
  const inUse = weightsInUse(sums);
  return [
    ...memberFindings(sums, inUse),
    ...disagreementFindings(sums, inUse),
    ...weightFindings(sums, inUse, reweighed),
    ...proposalFindings(sums, reweighed),
  ];
}

function evidence(note: string, numbers: Evidence["numbers"] = {}): Evidence {
  return { numbers, note, bins: null };
}

function disagreementFindings(sums: EnsembleSums, inUse: WeightsInUse | null): Finding[] {
  const { kind, members, complete, disagreed, parts } = sums;
  if (complete === 0) return [];
  const about = { target: { kind: "ensemble" as const, name: "members" }, count: complete };
  const findings: Finding[] = [];
  if (kind !== "quantity") {
    findings.push(
      createFinding({
        ...about,
        metric: metric.ensembleDisagreement,
        value: disagreed / complete,
        evidence: evidence(
          "share of differing classes by pair of members",
          pairNumbers(members, (at) => sums.pairs[at]! / complete),
        ),
      }),
    );
  }
  if (inUse !== null) {
    const size = members.length + 1;
    const errors = squareOf(
      parts.reduce(
        (sum, part) => sum.map((value, index) => value + part.errors[index]!),
        parts[0]!.errors.map(() => 0),
      ),
      size,
    );
    const alike = (i: number, j: number) =>
      errors[i + 1]![j + 1]! / Math.sqrt(errors[i + 1]![i + 1]! * errors[j + 1]![j + 1]!);
    findings.push(
      createFinding({
        ...about,
        metric: metric.ensembleAmbiguity,
        value: inUse.ambiguity,
        evidence: evidence(
          "likeness of the errors by pair of members: 1 where they err alike, 0 where one says nothing of the other",
          pairNumbers(members, (_, i, j) => alike(i, j)),
        ),
      }),
    );
  }
  return findings;
}

function pairNumbers(
  members: readonly string[],
  numberOf: (at: number, i: number, j: number) => number,
): Record<string, number> {
  const numbers: Record<string, number> = {};
  let at = 0;
  for (let i = 0; i < members.length; i++) {
    for (let j = i + 1; j < members.length; j++, at++) numbers[`${members[i]} | ${members[j]}`] = numberOf(at, i, j);
  }
  return numbers;
}

function weightFindings(
  { members, complete, kind }: EnsembleSums,
  inUse: WeightsInUse | null,
  { weights, fittedRows, sinceMs }: ReweighedWindow,
): Finding[] {
  if (kind === "class") return [];
  const of = (name: string, weight: "in_use" | "proposed") => {
    const { target, attributes } = memberTarget(name);
    return {
      target,
      attributes: { ...attributes, [attr.ensembleWeight]: weight },
      metric: metric.ensembleMemberWeight,
    };
  };
  const ratio = inUse?.residualRatio ?? Number.NaN;
  const unread =
    complete === 0
      ? "no prediction has an answer of every member"
      : `the answers are no weighted mean of the members' (residual ${numberText(ratio)} of what they differ by): a vote, a stacked model, or weights that do not sum to one`;
  return members.flatMap((name, index) => [
    createFinding({
      ...of(name, "in_use"),
      value: inUse?.weights?.[index] ?? null,
      count: complete,
      evidence: evidence(inUse?.weights == null ? unread : "read from the answers", { residualRatio: ratio }),
    }),
    createFinding({
      ...of(name, "proposed"),
      value: weights?.[index] ?? null,
      count: fittedRows,
      evidence: evidence(weights === null ? "too few outcomes to fit weights to" : "", { sinceMs }),
    }),
  ]);
}

function proposalFindings({ members, kind }: EnsembleSums, reweighed: ReweighedWindow): Finding[] {
  const { comparison, weights, sinceMs, isMature } = reweighed;
  if (kind === "class") return [];
  const about = { target: { kind: "ensemble" as const, name: "weights" }, count: comparison?.pairs ?? 0 };
  const isBetter = comparison?.verdict === "challenger_better";
  const parts =
    weights === null ? "" : members.map((name, index) => `${name} ${numberText(weights[index]!)}`).join(", ");
  const note =
    comparison === null
      ? "too few matured windows: weights are tried on outcomes that they have not seen"
      : `${isBetter ? "refitted weights are proved better" : "refitted weights are not proved better"} on ${comparison.pairs} outcomes since ` +
        `${new Date(sinceMs).toISOString()} that they were not fitted to (mean gain ${numberText(-comparison.difference)}): ${parts}. ` +
        "A proposal: nothing is applied. Holds at every look together with 95 %, if the gain keeps its mean.";
  const numbers = {
    ...(comparison?.decidedAtPairs == null ? {} : { decidedAtPairs: comparison.decidedAtPairs }),
    sinceMs,
    isMature: Number(isMature),
  };
  return [
    createFinding({
      ...about,
      metric: metric.ensembleProposalGain,
      value: comparison === null ? null : -comparison.difference,
      lower: comparison === null ? null : finite(-comparison.upper),
      upper: comparison === null ? null : finite(-comparison.lower),
      effective: comparison?.blocks ?? 0,
      evidence: evidence(note, numbers),
    }),
    createFinding({ ...about, metric: metric.ensembleProposalStatus, value: Number(isBetter) }),
  ];
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value + 0 : null;
}
