/** Scores of the whole matrix. */
export type AgreementKind =
  | "accuracy"
  | "balanced_accuracy"
  | "matthews"
  | "kappa"
  | "linear_kappa"
  | "quadratic_kappa";

/** The score of a square matrix of weights, actual classes as rows; null where it does not exist. See classificationScore. */
export function agreementScore(cells: readonly number[], classes: number, kind: AgreementKind): number | null {
  const { actual, predicted, total, hits } = margins(cells, classes);
  if (total === 0) return null;
  switch (kind) {
    case "accuracy":
      return hits / total;
    case "balanced_accuracy": {
      const present = actual.flatMap((weight, i) => (weight > 0 ? [cells[i * classes + i]! / weight] : []));
      return present.reduce((sum, recall) => sum + recall, 0) / present.length;
    }
    case "matthews": {
      const covariance = hits * total - dot(actual, predicted);
      const variances = (total * total - dot(predicted, predicted)) * (total * total - dot(actual, actual));
      return variances > 0 ? covariance / Math.sqrt(variances) : null;
    }
    default: {
      const cost = COSTS[kind];
      let seen = 0;
      let byChance = 0;
      for (let i = 0; i < classes; i++) {
        for (let j = 0; j < classes; j++) {
          seen += cost(i - j) * cells[i * classes + j]!;
          byChance += (cost(i - j) * actual[i]! * predicted[j]!) / total;
        }
      }
      return byChance > 0 ? 1 - seen / byChance : null;
    }
  }
}

/** Cost of a confusion by the distance of the classes. */
const COSTS = {
  kappa: (distance: number) => (distance === 0 ? 0 : 1),
  linear_kappa: (distance: number) => Math.abs(distance),
  quadratic_kappa: (distance: number) => distance * distance,
} as const;

function margins(cells: readonly number[], classes: number) {
  const actual = new Array<number>(classes).fill(0);
  const predicted = new Array<number>(classes).fill(0);
  let hits = 0;
  cells.forEach((weight, cell) => {
    const row = Math.floor(cell / classes);
    const column = cell % classes;
    actual[row]! += weight;
    predicted[column]! += weight;
    if (row === column) hits += weight;
  });
  return { actual, predicted, hits, total: actual.reduce((sum, weight) => sum + weight, 0) };
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}
