import { seededUniform } from "@tidemark/stats";

/** Feature values of one prediction by name. */
export type InputRow = Readonly<Record<string, number | string | null | readonly (number | null)[]>>;

/** The user's model: one number a row, in the order of the rows. */
export type Predict = (rows: readonly InputRow[]) => readonly number[] | Promise<readonly number[]>;

const REPEATS = 3;
const SEED = 20_010_101;

/**
 * Permutation importance (Breiman 2001) of every feature without labels: how far the predictions move, in the mean of absolute
 * differences, when the feature's values are dealt anew among the rows; the mean of three deals, the same for the same rows.
 * A feature that others stand in for looks less important than it is.
 *
 * @param rows at least two. @returns by feature, in the unit of the prediction. Throws TypeError for an answer of another length or
 * with what is no finite number.
 */
export async function permutationImportance(
  rows: readonly InputRow[],
  predict: Predict,
  onFeature: (name: string) => void = () => undefined,
): Promise<Record<string, number>> {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))].sort();
  const base = check(await predict(rows), rows.length);
  const random = seededUniform(SEED);
  const importances: Record<string, number> = {};
  for (const name of names) {
    onFeature(name);
    let moved = 0;
    for (let repeat = 0; repeat < REPEATS; repeat++) {
      const order = shuffled(rows.length, random);
      const dealt = rows.map((row, index) => ({ ...row, [name]: rows[order[index]!]![name] ?? null }));
      const answers = check(await predict(dealt), rows.length);
      moved += answers.reduce((sum, answer, index) => sum + Math.abs(answer - base[index]!), 0);
    }
    importances[name] = moved / REPEATS / rows.length;
  }
  return importances;
}

function check(answers: readonly number[], count: number): readonly number[] {
  if (!Array.isArray(answers) || answers.length !== count) {
    throw new TypeError(
      `the model answered ${count} rows with ${Array.isArray(answers) ? `${answers.length} numbers` : typeof answers}`,
    );
  }
  const odd = answers.findIndex((answer) => !Number.isFinite(answer));
  if (odd >= 0) throw new TypeError(`the model answered row ${odd} with ${answers[odd]}; expected a finite number`);
  return answers;
}

/** Fisher-Yates. */
function shuffled(count: number, random: () => number): number[] {
  const order = Array.from({ length: count }, (_, index) => index);
  for (let index = count - 1; index > 0; index--) {
    const other = Math.floor(random() * (index + 1));
    [order[index], order[other]] = [order[other]!, order[index]!];
  }
  return order;
}
