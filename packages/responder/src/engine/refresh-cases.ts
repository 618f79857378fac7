import type { EngineParts } from "./engine-parts.ts";

/**
 * Takes over the state, the first cause and the evidence of each open case from the processor, as far as it answers.
 * Returns the ids of the cases that it was asked about.
 */
export async function refreshCases({ state, lookUp, now }: EngineParts): Promise<ReadonlySet<string>> {
  const asked = new Set<string>();
  for (const found of state.cases.list({ open: true })) {
    asked.add(found.id);
    const view = await lookUp(found).catch(() => null);
    if (view === null || JSON.stringify(view) === JSON.stringify(pick(found))) continue;
    state.database.transaction(() => {
      const nowMs = now();
      state.cases.update(found.id, { ...view, updatedMs: nowMs });
      if (view.incident !== found.incident || view.state !== found.state || view.cause?.kind !== found.cause?.kind) {
        state.audit.append({
          atMs: nowMs,
          actor: "responder",
          kind: "ml.alert.state_changed",
          subject: found.id,
          detail: { incident: view.incident, state: view.state, firstCause: view.cause?.kind ?? null },
        });
      }
    });
  }
  return asked;
}

function pick<T extends { incident: unknown; cause: unknown; state: unknown; evidence: unknown }>(found: T) {
  const { incident, cause, state, evidence } = found;
  return { incident, cause, state, evidence };
}
