import type { Database } from "./database.ts";

export const FEEDBACK_VERDICTS = ["useful", "noise", "duplicate"] as const;
export type FeedbackVerdict = (typeof FEEDBACK_VERDICTS)[number];

/** What a person said of an alert; the last word counts. */
export interface Feedback {
  readonly caseId: string;
  readonly verdict: FeedbackVerdict;
  readonly actor: string;
  readonly reason: string;
  readonly atMs: number;
}

/** An incident that no alert caught. */
export interface MissedIncident {
  readonly id: number;
  readonly model: string;
  readonly startedMs: number;
  readonly description: string;
  readonly actor: string;
  readonly atMs: number;
}

export interface FeedbackStore {
  put(feedback: Feedback): void;
  list(): Feedback[];
  addMissed(missed: Omit<MissedIncident, "id">): number;
  listMissed(): MissedIncident[];
}

export function createFeedbackStore(database: Database): FeedbackStore {
  return {
    put({ caseId, verdict, actor, reason, atMs }) {
      database.run(
        `INSERT INTO feedback (case_id, verdict, actor, reason, at) VALUES (:caseId, :verdict, :actor, :reason, :atMs)
        ON CONFLICT (case_id) DO UPDATE SET verdict = :verdict, actor = :actor, reason = :reason, at = :atMs`,
        { caseId, verdict, actor, reason, atMs },
      );
    },
    list: () =>
      database.all<Feedback>("SELECT case_id AS caseId, verdict, actor, reason, at AS atMs FROM feedback ORDER BY at"),
    addMissed({ model, startedMs, description, actor, atMs }) {
      const row = database.one<{ id: number }>(
        `INSERT INTO missed_incident (model, started, description, actor, at)
        VALUES (:model, :startedMs, :description, :actor, :atMs) RETURNING id`,
        { model, startedMs, description, actor, atMs },
      );
      return row!.id;
    },
    listMissed: () =>
      database.all<MissedIncident>(
        "SELECT id, model, started AS startedMs, description, actor, at AS atMs FROM missed_incident ORDER BY at",
      ),
  };
}
