import { type Incident, incidentSchema } from "@tidemark/schema";
import { z } from "zod";
import type { EngineParts } from "../engine/engine-parts.ts";

const answer = z.object({ incidents: z.array(incidentSchema) });
const TIMEOUT_MS = 5_000;

/** Asks the processor, with a token where it wants one, for the newest incident about a case's model, signal and target. */
export function lookUpIncident(processor: string, token: string | null): EngineParts["lookUp"] {
  const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
  return async ({ model, version, signal, target }) => {
    const url = new URL("/v1/incidents", processor);
    for (const [key, value] of Object.entries({ model, version, signal })) {
      if (value !== "") url.searchParams.set(key, value);
    }
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok) throw new Error(`the processor answered ${response.status}`);
    const { incidents } = answer.parse(await response.json());
    const about = incidents.filter((incident) => incident.target.name === target);
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
