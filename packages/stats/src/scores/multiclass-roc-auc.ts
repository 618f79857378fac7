import { type Estimate, NO_ESTIMATE } from "./estimate.ts";
import { type ProbabilityRow, requireProbabilityRows } from "./probability-rows.ts";
import { aucInfluence, aucInterval } from "./roc-auc.ts";

export interface MulticlassAucOptions {
  /** `ovr`: each class against the rest. `ovo`: each pair of classes against each other (Hand and Till), insensitive to class sizes. */
  readonly comparison: "ovr" | "ovo";
  /** `macro`: plain mean. `weighted`: by the rows of the class or the pair. */
  readonly average: "macro" | "weighted";
}

/** One area of the mean: a class's column of scores among some of the rows. */
interface Part {
  readonly area: number;
  readonly weight: number;
  /** Indexes of the rows it is about. */
  readonly rows: readonly number[];
  readonly influence: Float64Array;
}

/**
 * Area under the ROC curve for more than two classes, the mean of binary ones, with a 95 % interval on the logit scale.
 *
 * Every row takes part in several areas: its influences on them are added before they are squared (DeLong's variance of a mean), with
 * the weights of the mean taken as given. The interval has no width where the area is 0 or 1.
 *
 * @param rows scored rows; weights are allowed.
 * @returns value in [0, 1]; nulls where fewer than two classes occur, and for the macro mean of `ovr` where one does not occur: its area
 *   does not exist. The other means leave such a class out.
 * @throws RangeError naming the row that is out of shape.
 * Source: D. J. Hand, R. J. Till, Machine Learning 45 (2001), doi:10.1023/A:1010920819831; E. DeLong, D. DeLong, D. Clarke-Pearson,
 * Biometrics 44 (1988), doi:10.2307/2531595.
 */
export function multiclassRocAuc(rows: readonly ProbabilityRow[], options: MulticlassAucOptions): Estimate {
  const squared = requireProbabilityRows(rows);
  const parts = partsOf(rows, squared, options);
  const total = parts?.reduce((sum, { weight }) => sum + weight, 0) ?? 0;
  if (parts === null || !(total > 0)) return NO_ESTIMATE;
  const influence = new Float64Array(rows.length);
  let value = 0;
  for (const part of parts) {
    value += (part.weight * part.area) / total;
    part.rows.forEach((row, i) => {
      influence[row]! += (part.weight / total) * part.influence[i]!;
    });
  }
  const standardError = Math.sqrt(influence.reduce((sum, own, row) => sum + squared[row]! * own * own, 0));
  const [lower, upper] = aucInterval(value, standardError);
  return { value, lower, upper, standardError };
}

/** Null where an area that the mean needs does not exist. */
function partsOf(
  rows: readonly ProbabilityRow[],
  squared: readonly number[],
  { comparison, average }: MulticlassAucOptions,
): Part[] | null {
  const classes = rows[0]?.scores.length ?? 0;
  const parts: Part[] = [];
  for (const group of comparison === "ovr" ? singles(classes) : pairs(classes)) {
    const among = rows.flatMap(({ actual }, i) => (comparison === "ovr" || group.includes(actual) ? [i] : []));
    const found = group.map((column) =>
      aucInfluence(
        among.map((i) => {
          const { actual, scores, weight } = rows[i]!;
          return { score: scores[column]!, positive: actual === column, weight, squaredWeight: squared[i]! };
        }),
      ),
    );
    const rowWeight = rows.reduce((sum, row) => sum + (group.includes(row.actual) ? row.weight : 0), 0);
    if (found.includes(null)) {
      if (comparison === "ovo" || (average === "weighted" && rowWeight === 0)) continue;
      return null;
    }
    const weight = (average === "macro" ? 1 : rowWeight) / group.length;
    for (const area of found) parts.push({ area: area!.value, weight, rows: among, influence: area!.influence });
  }
  return parts;
}

function singles(classes: number): number[][] {
  return Array.from({ length: classes }, (_, i) => [i]);
}

function pairs(classes: number): number[][] {
  return singles(classes).flatMap(([a]) => singles(classes).flatMap(([b]) => (a! < b! ? [[a!, b!]] : [])));
}
