import { createHash } from "node:crypto";
import type { MonitorState } from "@tidemark/semconv";
import type { Case } from "../state/cases.ts";
import type { ResponderState } from "../state/responder-state.ts";
import type { AlertUpdate } from "./alert-webhook.ts";

export interface Taken {
  /** Updates that changed something; repeated and overtaken ones do not. */
  readonly changed: number;
  readonly opened: number;
  readonly closed: number;
}

/** A case that closed less than this ago is the same trouble when it fires again. */
const REOPEN_MS = 3_600_000;

/**
 * Brings cases up to date with alerts, which may come twice and in any order: of one alert the latest start counts, and
 * for one start its end counts over its beginning, also where it comes first. A case is open while any alert of it fires.
 */
export function takeAlerts(
  state: ResponderState,
  updates: readonly AlertUpdate[],
  source: string,
  nowMs: number,
): Taken {
  return state.database.transaction(() => {
    let [changed, opened, closed] = [0, 0, 0];
    for (const update of updates) {
      const known = knownAlert(state, update.fingerprint);
      if (!isNews(known, update)) {
        if (isRepeat(known, update)) noteRepeat(state, update, nowMs);
        continue;
      }
      if (!update.isFiring && known === null) {
        state.earlyResolves.remember(update, nowMs);
        continue;
      }
      const found = update.isFiring ? openCase(state, update, source, nowMs) : { id: known!.case_id, isNew: false };
      changed++;
      if (found.isNew) opened++;
      const end = update.isFiring ? state.earlyResolves.take(update.fingerprint, update.startsMs) : update;
      rememberAlert(state, { ...update, ...end, isFiring: end === null }, found.id, nowMs);
      if (end !== null && closeCase(state, found.id, end, nowMs)) closed++;
    }
    return { changed, opened, closed };
  });
}

interface KnownAlert {
  readonly case_id: string;
  readonly status: string;
  readonly starts: number;
}

function knownAlert({ database }: ResponderState, fingerprint: string): KnownAlert | null {
  return database.one<KnownAlert>("SELECT case_id, status, starts FROM alert WHERE fingerprint = :fingerprint", {
    fingerprint,
  });
}

function isNews(known: KnownAlert | null, { startsMs, isFiring }: AlertUpdate): boolean {
  if (known === null || startsMs > known.starts) return true;
  if (startsMs < known.starts) return false;
  // One that was taken for over and is told of again is not over.
  return isFiring ? known.status === "lost" : known.status !== "resolved";
}

function isRepeat(known: KnownAlert | null, { startsMs, isFiring }: AlertUpdate): boolean {
  return isFiring && known?.status === "firing" && known.starts === startsMs;
}

function noteRepeat({ database }: ResponderState, { fingerprint }: AlertUpdate, nowMs: number): void {
  database.run("UPDATE alert SET received = :received WHERE fingerprint = :fingerprint", {
    fingerprint,
    received: nowMs,
  });
}

function rememberAlert({ database }: ResponderState, update: AlertUpdate, caseId: string, nowMs: number): void {
  const { fingerprint, isFiring, startsMs, endsMs } = update;
  database.run(
    `INSERT INTO alert (fingerprint, case_id, status, starts, ends, received)
    VALUES (:fingerprint, :caseId, :status, :starts, :ends, :received)
    ON CONFLICT (fingerprint) DO UPDATE
    SET case_id = :caseId, status = :status, starts = :starts, ends = :ends, received = :received`,
    {
      fingerprint,
      caseId,
      status: isFiring ? "firing" : "resolved",
      starts: startsMs,
      ends: endsMs,
      received: nowMs,
    },
  );
}

/** The open case that the alert belongs to, one that closed lately and opens again, or a new one. */
function openCase(
  state: ResponderState,
  update: AlertUpdate,
  source: string,
  nowMs: number,
): { id: string; isNew: boolean } {
  const { cases, audit } = state;
  const same = cases.list({ sinceMs: nowMs - REOPEN_MS }).find((found) => isSame(found, update));
  if (same !== undefined) {
    reopen(same);
    return { id: same.id, isNew: false };
  }
  const id = caseId(update);
  const known = cases.get(id);
  if (known !== null) {
    // The alert's own start came before, and its case has been closed for long.
    reopen(known);
    return { id, isNew: false };
  }
  cases.insert(newCase(id, update, source, nowMs));
  tell("ml.alert.state_changed", id, { open: true, alert: update.name, model: update.model, target: update.target });
  return { id, isNew: true };

  function reopen({ id, closedMs, reopened }: Case): void {
    if (closedMs === null) return;
    const sinceMs = Math.min(Math.max(update.startsMs, closedMs), nowMs);
    const state = stateOf(update);
    cases.update(id, { closedMs: null, updatedMs: nowMs, reopened: reopened + 1, sinceMs, state });
    tell("ml.alert.state_changed", id, { open: true, reopened: reopened + 1 });
  }

  function tell(kind: string, subject: string, detail: Record<string, unknown>): void {
    audit.append({ atMs: nowMs, actor: source, kind, subject, detail });
  }
}

function closeCase(
  { database, cases, audit }: ResponderState,
  id: string,
  { endsMs }: Pick<AlertUpdate, "endsMs">,
  nowMs: number,
): boolean {
  const firing = database.one("SELECT 1 FROM alert WHERE case_id = :id AND status = 'firing'", { id });
  if (firing !== null || cases.get(id)?.closedMs !== null) return false;
  cases.update(id, { closedMs: Math.min(endsMs ?? nowMs, nowMs), updatedMs: nowMs });
  audit.append({
    atMs: nowMs,
    actor: "responder",
    kind: "ml.alert.state_changed",
    subject: id,
    detail: { open: false },
  });
  return true;
}

function isSame(found: Case, update: AlertUpdate): boolean {
  return (
    found.model === update.model &&
    found.version === update.version &&
    found.signal === update.signal &&
    found.target === update.target &&
    found.alert === update.name
  );
}

function caseId({ model, version, signal, target, name, startsMs }: AlertUpdate): string {
  const about = JSON.stringify([model, version, signal, target, name, startsMs]);
  return createHash("sha256").update(about).digest("hex").slice(0, 16);
}

function newCase(id: string, update: AlertUpdate, source: string, nowMs: number): Case {
  const { model, version, signal, target, name, severity, startsMs, annotations } = update;
  return {
    id,
    model,
    version,
    signal,
    target,
    alert: name,
    severity,
    state: stateOf(update),
    incident: null,
    cause: null,
    evidence: { annotations },
    openedMs: Math.min(startsMs, nowMs),
    detectedMs: nowMs,
    updatedMs: nowMs,
    acknowledgedMs: null,
    closedMs: null,
    reopened: 0,
    sinceMs: Math.min(startsMs, nowMs),
    source,
  };
}

/** Until the processor says more: an alert is critical or a warning. */
function stateOf({ severity }: AlertUpdate): MonitorState {
  return severity === "critical" ? "critical" : "warning";
}
