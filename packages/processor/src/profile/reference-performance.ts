import type { Profile } from "@tidemark/schema";
import { realizedScores, SCORES, scoredTask } from "@tidemark/signals";
import type { EngineSession } from "../store/engine-session.ts";
import type { FieldColumn } from "./build-options.ts";
import type { DataFile } from "./data-file.ts";
import { readReferenceOutcomes } from "./reference-outcomes.ts";

/**
 * Scores of the model on the reference rows, by metric name, as a window's are made; scores that do not exist are left out.
 * Classification needs an outcome label and a score or a predicted label; regression a predicted and a true value.
 */
export async function referencePerformance(
  session: EngineSession,
  file: DataFile,
  columns: readonly FieldColumn[],
  profile: Pick<Profile, "model" | "positiveLabel" | "fields">,
): Promise<Record<string, number>> {
  const groups = await readReferenceOutcomes(session, file, columns, { byDay: false });
  const { scores, rows } = realizedScores(scoredTask(profile), groups);
  if (rows === 0) return {};
  return Object.fromEntries(
    scores.flatMap(([key, { value }]) => (value === null ? [] : [[SCORES[key].metric, value]])),
  );
}
