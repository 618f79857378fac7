import type { Evidence } from "@tidemark/schema";
import { attr, metric } from "@tidemark/semconv";
import { createFinding } from "../finding.ts";
import type { Finding } from "../window-aggregate.ts";
import type { EnsemblePart, EnsembleSums } from "./ensemble-sums.ts";
import { leaveOneOut } from "./leave-one-out.ts";
import { partMean } from "./part-mean.ts";
import type { WeightsInUse } from "./weights-in-use.ts";

/** The ensemble itself among its members: a scored row like theirs. */
export const ENSEMBLE_ITSELF = "_ensemble_";

type Score = readonly [metric: string, sumOf: (part: EnsemblePart, index: number, size: number) => number];

/** Errors stand in an upper triangle: element (i, i) of `size` rows is at i size - i (i - 1) / 2. */
const LOSS: Score = [metric.ensembleMemberLoss, ({ errors }, i, size) => errors[i * size - (i * (i - 1)) / 2]!];
const ACCURACY: Score = [metric.ensembleMemberAccuracy, ({ right }, i) => right[i]!];

const SCORES_OF: Readonly<Record<EnsembleSums["kind"], readonly Score[]>> = {
  probability: [LOSS, ACCURACY, [metric.ensembleMemberLogLoss, ({ logLoss }, i) => logLoss[i]!]],
  quantity: [LOSS, [metric.ensembleMemberMae, ({ absolute }, i) => absolute[i]!]],
  class: [ACCURACY],
};

/** How often each member answered, what its and the ensemble's errors were, and what leaving it out would do. */
export function memberFindings(sums: EnsembleSums, inUse: WeightsInUse | null): Finding[] {
  return [...answeredFindings(sums), ...scoreFindings(sums), ...benefitFindings(sums, inUse)];
}

export function memberTarget(name: string) {
  return { target: { kind: "member" as const, name }, attributes: { [attr.ensembleMember]: name } };
}

function evidence(note: string, numbers: Evidence["numbers"] = {}): Evidence {
  return { numbers, note, bins: null };
}

function answeredFindings({ members, answered, predictions, complete }: EnsembleSums): Finding[] {
  return members.map((name, index) =>
    createFinding({
      ...memberTarget(name),
      metric: metric.ensembleMemberAnswered,
      value: answered[index]! / predictions,
      count: predictions,
      evidence: evidence("", { complete }),
    }),
  );
}

function scoreFindings({ kind, members, parts, outlying }: EnsembleSums): Finding[] {
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const scores = SCORES_OF[kind];
  return [ENSEMBLE_ITSELF, ...members].flatMap((name, index) =>
    scores.map(([metricName, sumOf]) => {
      const found = partMean(parts, (part) => sumOf(part, index, members.length + 1));
      return createFinding({
        ...memberTarget(name),
        metric: metricName,
        value: found?.mean ?? null,
        lower: found?.lower ?? null,
        upper: found?.upper ?? null,
        count: rows,
        effective: found?.clusters ?? 0,
        evidence: evidence(found === null ? "no outcome is known yet" : "", { outlying }),
      });
    }),
  );
}

function benefitFindings(sums: EnsembleSums, inUse: WeightsInUse | null): Finding[] {
  if (inUse?.weights == null) return [];
  const rows = sums.parts.reduce((sum, part) => sum + part.rows, 0);
  return sums.members.map((name, index) => {
    const found = leaveOneOut(sums.parts, inUse.weights!, index);
    const note = found === null ? "no outcome is known yet, or it is the only member" : "";
    return createFinding({
      ...memberTarget(name),
      metric: metric.ensembleMemberBenefit,
      value: found?.mean ?? null,
      lower: found?.lower ?? null,
      upper: found?.upper ?? null,
      count: rows,
      effective: found?.clusters ?? 0,
      evidence: evidence(note, { weight: inUse.weights![index]! }),
    });
  });
}
