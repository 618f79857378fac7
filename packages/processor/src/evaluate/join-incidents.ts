import { createHash } from "node:crypto";
import { CAUSE_KINDS, type CauseKind, type Incident, type JoinedIncident } from "@tidemark/schema";
import { groupBy } from "../group-by.ts";
import { worseState } from "./worst-state.ts";

/** Causes that are about no input: about a score, the outcome, or nothing that could be shared. */
const WITHOUT_INPUT: ReadonlySet<CauseKind> = new Set(["concept_shift", "unknown"]);

/** What joining needs to know of an incident, and no window of it. */
export type JoinableIncident = Pick<Incident, "tenant" | "firstCause"> & JoinedIncident["incidents"][number];

/** An incident without its windows, which are most of it. */
export function joinableIncident({ windows, ...incident }: Incident): JoinableIncident {
  return { ...incident, start: windows[0]!.window.start, end: windows.at(-1)!.window.end };
}

/**
 * The incidents of several models that are one thing that happened: those of one tenant that have their first cause in
 * an input of the same name, or whose records stopped coming altogether, and that overlap in time, directly or by
 * way of another of them. Windows of any length are compared, so an hour may join a week; and causes of any kind, because a
 * fault that fills only a part of a window looks like a shift there. Of the causes the most specific is the first. Incidents of one model alone, and those
 * of which no cause is known, are left out. That equal names are one source is assumed; the reason says so.
 * Still open first, then the newest. Pure; cost: a sort.
 */
export function joinIncidents(incidents: readonly JoinableIncident[]): JoinedIncident[] {
  const shareable = incidents.filter((incident) => sharedOf(incident) !== null);
  return [...groupBy(shareable, shareIdOf).values()]
    .flatMap(overlapping)
    .filter((group) => new Set(group.map(({ model }) => model)).size > 1)
    .map(joinedOf)
    .sort((a, b) => Number(b.open) - Number(a.open) || compare(b.start, a.start) || compare(a.id, b.id));
}

function sharedOf({ firstCause, model }: JoinableIncident): JoinedIncident["shared"] | null {
  const { kind, target } = firstCause;
  if (kind === "silence" && target === model) return { kind: "upstream" };
  // Columns that changed places are named in either order.
  if (kind === "swapped") return { kind: "feature", name: target.split(", ").sort().join(", ") };
  return WITHOUT_INPUT.has(kind) ? null : { kind: "feature", name: target };
}

function shareIdOf(incident: JoinableIncident): string {
  return `${incident.tenant}\n${JSON.stringify(sharedOf(incident))}`;
}

function overlapping(incidents: readonly JoinableIncident[]): JoinableIncident[][] {
  const groups: JoinableIncident[][] = [];
  let endMs = Number.NEGATIVE_INFINITY;
  for (const incident of incidents.toSorted((a, b) => compare(a.start, b.start) || compare(a.id, b.id))) {
    if (Date.parse(incident.start) >= endMs) groups.push([]);
    groups.at(-1)!.push(incident);
    endMs = Math.max(endMs, Date.parse(incident.end));
  }
  return groups;
}

/** @param group in order of start. */
function joinedOf(group: readonly JoinableIncident[]): JoinedIncident {
  const first = group[0]!;
  const shared = sharedOf(first)!;
  const models = [...new Set(group.map(({ model }) => model))].sort();
  const causes = group.map(({ firstCause }) => firstCause).sort((a, b) => specificity(a.kind) - specificity(b.kind));
  const ends = group.map(({ end }) => end).sort();
  return {
    id: createHash("sha256")
      .update(`${shareIdOf(first)}\n${first.start}`)
      .digest("hex")
      .slice(0, 16),
    tenant: first.tenant,
    shared,
    firstCause: causes[0]!,
    reason: reasonOf(shared, [...new Set(causes.map(({ kind }) => kind))], models),
    state: group.map(({ state }) => state).reduce((a, b) => worseState(a, b) as JoinedIncident["state"]),
    open: group.some(({ open }) => open),
    start: first.start,
    end: ends.at(-1)!,
    models,
    incidents: group.map(({ tenant: _, firstCause: __, ...incident }) => incident),
  };
}

/** What explains the rest comes first. */
function specificity(kind: CauseKind): number {
  return CAUSE_KINDS.indexOf(kind);
}

function reasonOf(shared: JoinedIncident["shared"], kinds: readonly CauseKind[], models: readonly string[]): string {
  const names = `${models.slice(0, -1).join(", ")} and ${models.at(-1)}`;
  if (shared.kind === "upstream") {
    return `The records of ${names} stopped coming at overlapping times: what lies before them all is the likely place.`;
  }
  const causes = kinds.map((kind) => kind.replaceAll("_", " ")).join(", ");
  return `${names} have their first cause in ${shared.name} at overlapping times (${causes}): one source is likely, if that name is one input.`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
