import { groupBy } from "../group-by.ts";
import { readMeasurements } from "../store/measurements.ts";
import { keyText } from "../store/models.ts";
import type { Store } from "../store/store.ts";
import type { Board } from "./board.ts";
import type { EvaluationLog } from "./evaluation-log.ts";
import { isWithdrawn } from "./revise-measurements.ts";

/** Puts the newest stored windows on the board, and their ends into the log. */
export async function restoreBoard(store: Store, board: Board, log: EvaluationLog): Promise<void> {
  const newest = (await readMeasurements(store, { latest: true })).filter((row) => !isWithdrawn(row));
  for (const group of groupBy(newest, (row) => `${keyText(row)} ${row.window.name}`).values()) {
    const { tenant, model, version, role, window } = group[0]!;
    const key = { tenant, model, version, role };
    const endMs = Date.parse(window.end);
    board.put({ key, window: { name: window.name, startMs: Date.parse(window.start), endMs }, measurements: group });
    log.restore(key, endMs);
  }
}
