import type { Incident } from "@tidemark/schema";
import type { EngineParts, IncidentView } from "../engine/engine-parts.ts";
import type { Case } from "../state/cases.ts";
import type { ReadIncidents } from "./ask-processor.ts";
import type { Example, FindExamples } from "./find-examples.ts";

/** Beside the length of a window: time until a window is judged and its alert fires. */
const LATENESS_MS = 10 * 60_000;

/** Asks for the incidents about cases of one version, by their signal and target, and for predictions that show them. */
export function lookUpIncidents(read: ReadIncidents, findExamples: FindExamples): EngineParts["lookUp"] {
  return async (cases, signal) => {
    const [first] = cases;
    if (first === undefined) return new Map();
    const incidents = await read({ model: first.model, version: first.version }, signal);
    const views = new Map<string, IncidentView>();
    for (const found of cases) {
      const incident = incidentOf(found, incidents);
      if (incident !== null) views.set(found.id, viewOf(incident, await findExamples(found, incident, signal)));
    }
    return views;
  };
}

/**
 * The newest incident that is open; else the one that the case has been about; else the newest that may have opened the
 * case, and ended since. One that was over before the case began is another trouble.
 */
function incidentOf(found: Case, incidents: readonly Incident[]): Incident | null {
  const about = incidents
    .filter(({ signal, target }) => signal === found.signal && target.name === found.target)
    .toSorted((a, b) => endOf(a) - endOf(b));
  return (
    about.findLast(({ open }) => open) ??
    about.find(({ id }) => id === found.incident) ??
    about.findLast((incident) => mayHaveOpened(incident, found)) ??
    null
  );
}

function mayHaveOpened(incident: Incident, { openedMs }: Case): boolean {
  const window = incident.windows.at(-1)?.window;
  if (window === undefined) return false;
  const lengthMs = Date.parse(window.end) - Date.parse(window.start);
  return endOf(incident) + lengthMs + LATENESS_MS >= openedMs;
}

function endOf({ windows }: Incident): number {
  return Date.parse(windows.at(-1)?.window.end ?? "1970-01-01T00:00:00Z");
}

function viewOf({ id, state, open, firstCause, windows }: Incident, examples: readonly Example[]): IncidentView {
  const last = windows.at(-1);
  return {
    incident: id,
    cause: firstCause,
    // Of now: a run may have been worse than it is, and one that has ended has recovered, whatever became of its alert.
    state: open ? (last?.state ?? state) : "ok",
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
            ...(examples.length === 0 ? {} : { examples }),
          },
  };
}
