import { type ProbabilityRow, requireProbabilityRows } from "./probability-rows.ts";
import { rocAuc } from "./roc-auc.ts";

export interface MulticlassAucOptions {
  /** `ovr`: each class against the rest. `ovo`: each pair of classes against each other (Hand and Till), insensitive to class sizes. */
  readonly comparison: "ovr" | "ovo";
  /** `macro`: plain mean. `weighted`: by the rows of the class or the pair. */
  readonly average: "macro" | "weighted";
}

/**
 * Area under the ROC curve for more than two classes, the mean of binary ones.
 *
 * @param rows scored rows; weights are allowed.
 * @returns in [0, 1]; null where fewer than two classes occur, and for the macro mean of `ovr` where one does not occur: its area
 *   does not exist. The other means leave such a class out.
 * @throws RangeError naming the row that is out of shape.
 * Source: D. J. Hand, R. J. Till, Machine Learning 45 (2001), doi:10.1023/A:1010920819831.
 */
export function multiclassRocAuc(
  rows: readonly ProbabilityRow[],
  { comparison, average }: MulticlassAucOptions,
): number | null {
  const squared = requireProbabilityRows(rows);
  const classes = rows[0]?.scores.length ?? 0;
  const area = (column: number, among: (actual: number) => boolean) =>
    rocAuc(
      rows.flatMap(({ actual, scores, weight }, i) =>
        among(actual)
          ? [{ score: scores[column]!, positive: actual === column, weight, squaredWeight: squared[i]! }]
          : [],
      ),
    ).value;
  const weightOf = (among: (actual: number) => boolean) =>
    rows.reduce((sum, row) => sum + (among(row.actual) ? row.weight : 0), 0);
  let sum = 0;
  let total = 0;
  for (const group of comparison === "ovr" ? singles(classes) : pairs(classes)) {
    const among = comparison === "ovr" ? () => true : (actual: number) => group.includes(actual);
    const areas = group.map((column) => area(column, among));
    const rowWeight = weightOf((actual) => group.includes(actual));
    if (areas.some((value) => value === null)) {
      if (comparison === "ovo" || (average === "weighted" && rowWeight === 0)) continue;
      return null;
    }
    const weight = average === "macro" ? 1 : rowWeight;
    sum += (weight * areas.reduce<number>((all, value) => all + value!, 0)) / areas.length;
    total += weight;
  }
  return total > 0 ? sum / total : null;
}

function singles(classes: number): number[][] {
  return Array.from({ length: classes }, (_, i) => [i]);
}

function pairs(classes: number): number[][] {
  return singles(classes).flatMap(([a]) => singles(classes).flatMap(([b]) => (a! < b! ? [[a!, b!]] : [])));
}
