import type { EngineParts } from "./engine-parts.ts";

/**
 * Takes alerts for over that were neither repeated nor resolved for as long as configured: the message of their end was
 * lost. For half of that time, which is that of a repetition, a responder must have been there to hear it. One that is told
 * of again opens its case again.
 */
export function closeStaleCases({ state, config, lease, now }: EngineParts): void {
  const { database, cases, audit } = state;
  const nowMs = now();
  const beforeMs = nowMs - config.alertStaleAfter;
  if (lease.heldSinceMs() > nowMs - config.alertStaleAfter / 2) return;
  database.transaction(() => {
    const ids = database.all<{ case_id: string; received: number }>(
      `SELECT case_id, max(received) AS received FROM alert JOIN incident_case ON incident_case.id = case_id
      WHERE closed IS NULL AND source <> 'responder' AND status = 'firing'
      GROUP BY case_id HAVING max(received) < :before`,
      { before: beforeMs },
    );
    for (const { case_id: id, received } of ids) {
      database.run("UPDATE alert SET status = 'lost' WHERE case_id = :id AND status = 'firing'", { id });
      cases.update(id, { closedMs: received, updatedMs: nowMs });
      audit.append({
        atMs: nowMs,
        actor: "responder",
        kind: "ml.alert.state_changed",
        subject: id,
        detail: { open: false, reason: "its alert was not repeated", last: new Date(received).toISOString() },
      });
    }
  });
}
