import type { Profile, ReferenceRisk } from "@tidemark/schema";
import { taskLoss } from "@tidemark/signals";
import { RowDependence } from "@tidemark/stats";
import type { EngineSession } from "../store/engine-session.ts";
import type { FieldColumn } from "./build-options.ts";
import type { DataFile } from "./data-file.ts";
import { type ReferenceGroup, readReferenceOutcomes } from "./reference-outcomes.ts";

/**
 * The model's loss on the reference rows with an outcome, and from the means of their days how much the rows depend on each
 * other. Null where the task has no loss or fewer than two rows can be scored.
 *
 * @param profile with its performance, which sets the cap of an absolute error.
 */
export async function referenceRisk(
  session: EngineSession,
  file: DataFile,
  columns: readonly FieldColumn[],
  profile: Omit<Profile, "id">,
): Promise<ReferenceRisk | null> {
  const loss = taskLoss(profile, {});
  if (loss === null) return null;
  const groups = await readReferenceOutcomes(session, file, columns, { byDay: true });
  const days = [...Map.groupBy(groups, ({ day }) => day).values()]
    .map((own) => sumsOf(own, (group) => loss.of(group, group)))
    .filter(({ count }) => count > 0);
  const dependence = new RowDependence();
  let rows = 0;
  let sum = 0;
  let squares = 0;
  for (const day of days) {
    dependence.update({ count: day.count, mean: day.sum / day.count, meanSquare: day.squares / day.count });
    rows += day.count;
    sum += day.sum;
    squares += day.squares;
  }
  if (rows < 2) return null;
  return {
    loss: loss.name,
    cap: loss.cap,
    rows,
    mean: sum / rows,
    meanSquare: squares / rows,
    rowsPerIndependent: dependence.current(),
  };
}

function sumsOf(groups: readonly ReferenceGroup[], lossOf: (group: ReferenceGroup) => number | null) {
  const sums = { count: 0, sum: 0, squares: 0 };
  for (const group of groups) {
    const value = lossOf(group);
    if (value === null) continue;
    sums.count += group.count;
    sums.sum += group.count * value;
    sums.squares += group.count * value * value;
  }
  return sums;
}
