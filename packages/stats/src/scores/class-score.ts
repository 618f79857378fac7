/** Scores of one class against the rest. */
export type ClassScoreKind = "precision" | "recall" | "f" | "jaccard";

/** Mean over the classes, or the index of one class. */
export type ClassAverage = "macro" | "micro" | "weighted" | number;

export interface ClassScoreOptions {
  readonly kind: ClassScoreKind;
  readonly average: ClassAverage;
  readonly beta: number;
  readonly undefinedAs: number | null;
}

interface Outcomes {
  readonly truePositive: number;
  readonly falsePositive: number;
  readonly falseNegative: number;
}

/** The score of a square matrix of weights, actual classes as rows; null where it does not exist. See classificationScore. */
export function classScore(cells: readonly number[], classes: number, options: ClassScoreOptions): number | null {
  const { average, undefinedAs } = options;
  const outcomes = Array.from({ length: classes }, (_, at) => outcomesOf(cells, classes, at));
  if (typeof average === "number") return scoreOf(outcomes[average]!, options) ?? undefinedAs;
  if (average === "micro") return scoreOf(outcomes.reduce(add), options) ?? undefinedAs;
  let sum = 0;
  let total = 0;
  for (const outcome of outcomes) {
    const weight = average === "macro" ? 1 : outcome.truePositive + outcome.falseNegative;
    if (weight === 0) continue;
    const score = scoreOf(outcome, options) ?? undefinedAs;
    if (score === null) return null;
    sum += weight * score;
    total += weight;
  }
  return total > 0 ? sum / total : undefinedAs;
}

function scoreOf(outcomes: Outcomes, { kind, beta }: ClassScoreOptions): number | null {
  const { truePositive: hits, falsePositive, falseNegative } = outcomes;
  const square = beta * beta;
  const [above, below] = {
    precision: [hits, hits + falsePositive] as const,
    recall: [hits, hits + falseNegative] as const,
    f: [(1 + square) * hits, (1 + square) * hits + square * falseNegative + falsePositive] as const,
    jaccard: [hits, hits + falsePositive + falseNegative] as const,
  }[kind];
  return below > 0 ? above / below : null;
}

function outcomesOf(cells: readonly number[], classes: number, at: number): Outcomes {
  let falsePositive = 0;
  let falseNegative = 0;
  for (let other = 0; other < classes; other++) {
    if (other === at) continue;
    falsePositive += cells[other * classes + at]!;
    falseNegative += cells[at * classes + other]!;
  }
  return { truePositive: cells[at * classes + at]!, falsePositive, falseNegative };
}

function add(a: Outcomes, b: Outcomes): Outcomes {
  return {
    truePositive: a.truePositive + b.truePositive,
    falsePositive: a.falsePositive + b.falsePositive,
    falseNegative: a.falseNegative + b.falseNegative,
  };
}
