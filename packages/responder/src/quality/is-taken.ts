import type { Action } from "../state/actions.ts";

const TAKEN: readonly string[] = ["succeeded", "helped", "no_help", "undone", "undo_failed", "undo_unknown"];

/** Whether an action was taken in earnest, whatever came of it. */
export function isTaken({ status }: Action): boolean {
  return TAKEN.includes(status);
}
