import { type Case, isAcknowledged } from "../state/cases.ts";
import type { FeedbackVerdict } from "../state/feedback.ts";
import type { EngineParts } from "./engine-parts.ts";
import { type Person, sees } from "./person.ts";

/** What people do beside deciding actions; each is attributed and on the audit log. */
export interface PeopleCommands {
  /** Somebody looks after the case. Null where the person sees no such case. */
  acknowledge(caseId: string, person: Person): Case | null;
  /** Marks an alert; the last word counts. */
  mark(caseId: string, person: Person, verdict: FeedbackVerdict, reason: string): Case | null;
  /** Tells of an incident that no alert caught; its id. */
  reportMissed(person: Person, missed: { model: string; startedMs: number; description: string }): number;
  /** While it is on nothing starts. */
  setKillSwitch(person: Person, on: boolean, reason: string): void;
}

export function createPeopleCommands({ state, now }: EngineParts): PeopleCommands {
  const { cases, feedback, audit, database } = state;
  const seenCase = (id: string, person: Person) => {
    const found = cases.get(id);
    return found !== null && sees(person, found.model) ? found : null;
  };
  return {
    acknowledge: (caseId, person) =>
      database.transaction(() => {
        const found = seenCase(caseId, person);
        if (found === null || isAcknowledged(found)) return found;
        cases.update(caseId, { acknowledgedMs: now() });
        audit.append({ atMs: now(), actor: person.name, kind: "case.acknowledged", subject: caseId, detail: {} });
        return cases.get(caseId);
      }),
    mark: (caseId, person, verdict, reason) =>
      database.transaction(() => {
        const { name } = person;
        const found = seenCase(caseId, person);
        if (found === null) return null;
        feedback.put({ caseId, verdict, actor: name, reason, atMs: now() });
        audit.append({ atMs: now(), actor: name, kind: "case.marked", subject: caseId, detail: { verdict, reason } });
        return found;
      }),
    reportMissed: ({ name }, { model, startedMs, description }) =>
      database.transaction(() => {
        const id = feedback.addMissed({ model, startedMs, description, actor: name, atMs: now() });
        const detail = { model, started: new Date(startedMs).toISOString(), description };
        audit.append({ atMs: now(), actor: name, kind: "incident.missed", subject: `missed-${id}`, detail });
        return id;
      }),
    setKillSwitch: ({ name }, on, reason) =>
      database.transaction(() => {
        state.setKilled(on);
        audit.append({ atMs: now(), actor: name, kind: "kill_switch", subject: "responder", detail: { on, reason } });
      }),
  };
}
