import type { Incident } from "@tidemark/schema";
import type { EngineParts } from "../engine/engine-parts.ts";
import type { ReadIncidents } from "./read-incidents.ts";

/** Asks for the newest incident about a case's model, signal and target. */
export function lookUpIncident(read: ReadIncidents): EngineParts["lookUp"] {
  return async ({ model, version, signal, target }) => {
    const incidents = await read({ model, version });
    const about = incidents.filter((incident) => incident.signal === signal && incident.target.name === target);
    const newest = about.toSorted((a, b) => endOf(a) - endOf(b)).at(-1);
    return newest === undefined ? null : viewOf(newest);
  };
}

function endOf({ windows }: Incident): number {
  return Date.parse(windows.at(-1)?.window.end ?? "1970-01-01T00:00:00Z");
}

function viewOf({ id, state, firstCause, windows }: Incident) {
  const last = windows.at(-1);
  return {
    incident: id,
    cause: firstCause,
    state,
    evidence:
      last === undefined
        ? {}
        : {
            metric: last.metric,
            value: last.value,
            interval: [last.lower, last.upper],
            threshold: last.threshold,
            numbers: last.evidence.numbers,
            note: last.evidence.note,
            window: last.window,
            rows: last.count,
            profileId: last.profileId,
            configId: last.configId,
          },
  };
}
