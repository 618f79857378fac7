import { OTHER_CATEGORY } from "@tidemark/semconv";
import {
  calibrationError,
  type Estimate,
  multiclassBrier,
  multiclassLogLoss,
  multiclassRocAuc,
  type ProbabilityRow,
} from "@tidemark/stats";
import type { SegmentOutcomes, WindowAggregate } from "../window-aggregate.ts";
import type { ClassProbabilities, ProbableRow } from "./class-probabilities.ts";
import type { RealizedScores } from "./realized-scores.ts";
import type { ScoredTask } from "./scored-task.ts";

/** Classes up to which the area under the curve is made: it sorts all rows for each of them. */
const MAX_RANKED_CLASSES = 20;

const NO_ESTIMATE: Estimate = { value: null, lower: null, upper: null, standardError: null };

/**
 * Scores of the probabilities of all classes, with 95 % intervals, each row by its weight: the macro mean over classes of the area under the
 * ROC curve of one against the rest, log loss, Brier score (0 to 2), and the expected calibration error of the most probable class in ten
 * bins.
 *
 * Probabilities are divided by their sum, which may be off by rounding. A class that a prediction does not name had probability 0. Rows
 * whose outcome is a class that the reference never had are left out, as in every other score. Null of a task that is not one of several classes.
 */
export function classProbabilityScores(
  task: ScoredTask,
  aggregate: Pick<WindowAggregate, "classProbabilities" | "segments">,
  segment?: Pick<SegmentOutcomes, "name" | "value">,
): RealizedScores | null {
  if (task.type !== "classification" || task.positiveLabel !== null) return null;
  const told = aggregate.classProbabilities;
  const own = told === undefined ? [] : segment === undefined ? told.rows : rowsOf(told, segment, aggregate.segments);
  const known = own.filter(({ outcomeLabel }) => task.classes === null || task.classes.has(outcomeLabel));
  const classes = [...new Set([...(told?.classes ?? []), ...known.map(({ outcomeLabel }) => outcomeLabel)])].sort();
  const rows = known.map((row) => toRow(row, told!.classes, classes));
  const isScored = rows.length > 0 && classes.length >= 2;
  const weight = rows.reduce((sum, row) => sum + row.weight, 0);
  const squares = rows.reduce((sum, row) => sum + row.weight ** 2, 0);
  return {
    scores: [
      [
        "rocAuc",
        isScored && classes.length <= MAX_RANKED_CLASSES
          ? multiclassRocAuc(rows, { comparison: "ovr", average: "macro" })
          : NO_ESTIMATE,
      ],
      ["logLoss", isScored ? multiclassLogLoss(rows) : NO_ESTIMATE],
      ["brier", isScored ? multiclassBrier(rows) : NO_ESTIMATE],
      ["calibrationGap", isScored ? topCalibration(rows) : NO_ESTIMATE],
    ],
    rows: rows.length,
    effective: squares > 0 ? weight ** 2 / squares : 0,
    unknownClass: 0,
    wrongKind: 0,
  };
}

/** Rows of a segment; `_other_` has those of the values that have no segment of their own. */
function rowsOf(
  { segments: names, rows }: ClassProbabilities,
  { name, value }: Pick<SegmentOutcomes, "name" | "value">,
  segments: WindowAggregate["segments"],
): ProbableRow[] {
  const at = names.indexOf(name);
  const own = new Set(segments.filter((each) => each.name === name).map((each) => each.value));
  return rows.filter(({ segments: values }) => {
    const has = values[at] ?? "";
    return has !== "" && (own.has(has) ? has : OTHER_CATEGORY) === value;
  });
}

function toRow(row: ProbableRow, told: readonly string[], classes: readonly string[]): ProbabilityRow {
  const sum = row.scores.reduce((total, score) => total + score, 0);
  const byClass = new Map(told.map((name, index) => [name, row.scores[index]! / sum]));
  return {
    scores: classes.map((name) => Math.min(1, byClass.get(name) ?? 0)),
    actual: classes.indexOf(row.outcomeLabel),
    weight: row.weight,
  };
}

function topCalibration(rows: readonly ProbabilityRow[]): Estimate {
  const claims = rows.map(({ scores, actual, weight }) => {
    const score = Math.max(...scores);
    return { score, positive: scores.indexOf(score) === actual, weight, squaredWeight: weight ** 2 };
  });
  return calibrationError(claims).expected;
}
