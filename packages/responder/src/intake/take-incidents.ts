import type { Incident } from "@tidemark/schema";
import type { ResponderState } from "../state/responder-state.ts";
import type { AlertUpdate } from "./alert-webhook.ts";
import { type Taken, takeAlerts } from "./take-alerts.ts";

/** Name of the alert that the processor's own word is. */
const ALERT = "TidemarkIncident";
const SOURCE = "tidemark";

/**
 * Brings cases up to date with the processor's own incidents, for those who have no Alertmanager between: one that is open
 * and has been in one of the states fires until it ends.
 */
export function takeIncidents(
  state: ResponderState,
  incidents: readonly Incident[],
  { states, nowMs }: { readonly states: readonly Incident["state"][]; readonly nowMs: number },
): Taken {
  const firing = new Set(
    state.database
      .all<{ fingerprint: string }>("SELECT fingerprint FROM alert WHERE status = 'firing'")
      .map(({ fingerprint }) => fingerprint),
  );
  const updates = incidents
    .map((incident) => updateOf(incident, states))
    .filter(({ isFiring, fingerprint }) => isFiring || firing.has(fingerprint));
  return takeAlerts(state, updates, SOURCE, nowMs);
}

function updateOf(incident: Incident, states: readonly Incident["state"][]): AlertUpdate {
  const { id, model, version, signal, target, state, open, firstCause, windows } = incident;
  return {
    fingerprint: `incident ${id}`,
    isFiring: open && states.includes(state),
    startsMs: Date.parse(windows[0]!.window.start),
    endsMs: open ? null : Date.parse(windows.at(-1)!.window.end),
    name: ALERT,
    severity: state === "critical" ? "critical" : "warning",
    model,
    version,
    signal,
    target: target.name,
    annotations: { first_cause: firstCause.explanation },
  };
}
