import type { Case } from "../state/cases.ts";
import type { EngineParts, IncidentView } from "./engine-parts.ts";

/** Which of the open cases a round may answer. */
export interface Refreshed {
  /** Open when the round began: an alert that came since waits for the next. */
  readonly known: ReadonlySet<string>;
  /** Those of which the processor has said in this round what it knows. */
  readonly answered: ReadonlySet<string>;
}

/** Models and versions that the processor is asked about at once. */
const AT_ONCE = 8;
/** How exactly it is known when the processor answered last. */
const NOTE_EVERY_MS = 20_000;
/** Time for all answers together, well below that of a lease. */
const PATIENCE_MS = 20_000;

/**
 * Takes over the state, the first cause and the evidence of each open case from the processor, as far as it answers in
 * time. One that is slow or away holds up the round for a while, and no longer.
 */
export async function refreshCases(parts: EngineParts): Promise<Refreshed> {
  const open = parts.state.cases.list({ open: true });
  const answered = new Set<string>();
  const groups = [...Map.groupBy(open, ({ model, version }) => JSON.stringify([model, version])).values()];
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const worker = async (): Promise<void> => {
    for (let group = groups.shift(); group !== undefined && !signal.aborted; group = groups.shift()) {
      for (const id of await refreshGroup(parts, group, signal)) answered.add(id);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  if (answered.size > 0) noteAnswer(parts);
  return { known: new Set(open.map(({ id }) => id)), answered };
}

function noteAnswer({ state, now }: EngineParts): void {
  const lastMs = state.answeredMs();
  if (lastMs === null || Math.abs(now() - lastMs) >= NOTE_EVERY_MS) state.setAnsweredMs(now());
}

/** Cases of one version, so of one question; the ids of those that were answered. */
async function refreshGroup(parts: EngineParts, group: readonly Case[], signal: AbortSignal): Promise<string[]> {
  const views = await parts.lookUp(group, signal).catch(() => null);
  if (views === null) return [];
  parts.state.database.transaction(() => {
    for (const found of group) {
      const view = views.get(found.id);
      if (view !== undefined) takeOver(parts, found, view);
    }
  });
  return group.map(({ id }) => id);
}

function takeOver({ state, now }: EngineParts, found: Case, view: IncidentView): void {
  if (JSON.stringify(view) === JSON.stringify(pick(found))) return;
  const nowMs = now();
  state.cases.update(found.id, { ...view, updatedMs: nowMs });
  if (view.incident === found.incident && view.state === found.state && view.cause?.kind === found.cause?.kind) return;
  state.audit.append({
    atMs: nowMs,
    actor: "responder",
    kind: "ml.alert.state_changed",
    subject: found.id,
    detail: { incident: view.incident, state: view.state, firstCause: view.cause?.kind ?? null },
  });
}

function pick<T extends { incident: unknown; cause: unknown; state: unknown; evidence: unknown }>(found: T) {
  const { incident, cause, state, evidence } = found;
  return { incident, cause, state, evidence };
}
