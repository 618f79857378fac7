import { createHash } from "node:crypto";
import type { CauseKind, Incident, JoinedIncident } from "@tidemark/schema";
import { groupBy } from "../group-by.ts";
import { worseState } from "./worst-state.ts";

/** Causes that are about an input. The others are about a score, the outcome, or nothing that could be shared. */
const FEATURE_CAUSES: ReadonlySet<CauseKind> = new Set([
  "silence",
  "nulls",
  "stuck",
  "swapped",
  "unit_change",
  "new_category",
  "type_change",
  "covariate_shift",
]);

/** What joining needs to know of an incident, and no window of it. */
export type JoinableIncident = Pick<Incident, "tenant" | "firstCause"> & JoinedIncident["incidents"][number];

/** An incident without its windows, which are most of it. */
export function joinableIncident({ windows, ...incident }: Incident): JoinableIncident {
  return { ...incident, start: windows[0]!.window.start, end: windows.at(-1)!.window.end };
}

/**
 * The incidents of several models that are one thing that happened: those of one tenant that have the same kind of first cause
 * on an input of the same name, or whose records stopped coming altogether, and that overlap in time, directly or by
 * way of another of them. Windows of any length are compared, so an hour may join a week. Incidents of one model alone, and those
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
  return FEATURE_CAUSES.has(kind) ? { kind: "feature", name: target } : null;
}

function shareIdOf(incident: JoinableIncident): string {
  return [incident.tenant, incident.firstCause.kind, JSON.stringify(sharedOf(incident))].join("\n");
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
  return {
    id: createHash("sha256")
      .update(`${shareIdOf(first)}\n${first.start}`)
      .digest("hex")
      .slice(0, 16),
    tenant: first.tenant,
    shared,
    firstCause: first.firstCause,
    reason: reasonOf(shared, first.firstCause.kind, models),
    state: group.map(({ state }) => state).reduce((a, b) => worseState(a, b) as JoinedIncident["state"]),
    open: group.some(({ open }) => open),
    start: first.start,
    end: group
      .map(({ end }) => end)
      .sort()
      .at(-1)!,
    models,
    incidents: group.map(({ tenant: _, firstCause: __, ...incident }) => incident),
  };
}

function reasonOf(shared: JoinedIncident["shared"], kind: CauseKind, models: readonly string[]): string {
  const names = `${models.slice(0, -1).join(", ")} and ${models.at(-1)}`;
  return shared.kind === "upstream"
    ? `The records of ${names} stopped coming at overlapping times: what lies before them all is the likely place.`
    : `${names} have the same first cause at overlapping times, ${kind} of ${shared.name}: one source is likely, if that name is one input.`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
