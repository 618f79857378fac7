import { createHash } from "node:crypto";
import { CAUSE_KINDS, type CauseKind, type Incident, type JoinedIncident } from "@tidemark/schema";
import { groupBy } from "../group-by.ts";
import type { ModelPlace } from "../store/model-places.ts";
import { joinByDeployment } from "./join-by-deployment.ts";
import { joinByHost } from "./join-by-host.ts";
import { worseState } from "./worst-state.ts";

/** Causes that are about no input: about a score, the outcome, or nothing that could be shared. */
const WITHOUT_INPUT: ReadonlySet<CauseKind> = new Set(["concept_shift", "unknown"]);

/** What joining needs to know of an incident, and no window of it. */
export type JoinableIncident = Pick<Incident, "tenant" | "firstCause"> & JoinedIncident["incidents"][number];

/** An incident without its windows, which are most of it. */
export function joinableIncident({ windows, ...incident }: Incident): JoinableIncident {
  return { ...incident, start: windows[0]!.window.start, end: windows.at(-1)!.window.end };
}

/** Incidents of at least two models, and what they have in common. */
export interface IncidentGroup {
  readonly shared: JoinedIncident["shared"];
  readonly members: readonly JoinableIncident[];
}

/**
 * The incidents of several models that are one thing that happened: those of one tenant that have their first cause in
 * an input of the same name, or whose records stopped coming altogether, and that overlap in time, directly or by
 * way of another of them; of the others those that began with one deployment, and then those that a machine may be the cause of and
 * whose models ran on the same ones. Windows of any length are compared, so an hour may join a week; and causes of any kind, because a
 * fault that fills only a part of a window looks like a shift there. Of the causes the most specific is the first. Incidents of one model
 * alone are left out. That equal names are one source is assumed; the reason says so. Still open first, then the newest. Pure.
 *
 * @param incidents of one tenant.
 * @param places where and as what its models ran.
 */
export function joinIncidents(
  incidents: readonly JoinableIncident[],
  places: readonly ModelPlace[] = [],
): JoinedIncident[] {
  const groups = joinByInput(incidents);
  const left = () => {
    const joined = new Set(groups.flatMap(({ members }) => members));
    return incidents.filter((incident) => !joined.has(incident));
  };
  groups.push(...joinByDeployment(left(), places));
  groups.push(...joinByHost(left(), places));
  return groups
    .map(joinedOf)
    .sort((a, b) => Number(b.open) - Number(a.open) || compare(b.start, a.start) || compare(a.id, b.id));
}

function joinByInput(incidents: readonly JoinableIncident[]): IncidentGroup[] {
  const shareable = incidents.filter((incident) => sharedOf(incident) !== null);
  return [...groupBy(shareable, (incident) => `${incident.tenant}\n${JSON.stringify(sharedOf(incident))}`).values()]
    .flatMap(overlapping)
    .filter((members) => new Set(members.map(({ model }) => model)).size > 1)
    .map((members) => ({ shared: sharedOf(members[0]!)!, members }));
}

function sharedOf({ firstCause, model }: JoinableIncident): JoinedIncident["shared"] | null {
  const { kind, target } = firstCause;
  if (kind === "silence" && target === model) return { kind: "upstream" };
  // Columns that changed places are named in either order.
  if (kind === "swapped") return { kind: "feature", name: target.split(", ").sort().join(", ") };
  return WITHOUT_INPUT.has(kind) ? null : { kind: "feature", name: target };
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

function joinedOf({ shared, members }: IncidentGroup): JoinedIncident {
  const group = members.toSorted((a, b) => compare(a.start, b.start) || compare(a.id, b.id));
  const first = group[0]!;
  const models = [...new Set(group.map(({ model }) => model))].sort();
  const causes = group.map(({ firstCause }) => firstCause).sort((a, b) => specificity(a.kind) - specificity(b.kind));
  const ends = group.map(({ end }) => end).sort();
  return {
    id: createHash("sha256")
      .update(`${first.tenant}\n${shareIdOf(shared, first)}\n${first.start}`)
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

/** Which machines are shared may change while it grows. */
function shareIdOf(shared: JoinedIncident["shared"], { id }: JoinableIncident): string {
  return shared.kind === "host" ? `host\n${id}` : JSON.stringify(shared);
}

/** So many names are told. */
const MAX_NAMES = 3;

function reasonOf(shared: JoinedIncident["shared"], kinds: readonly CauseKind[], models: readonly string[]): string {
  const names = listText(models);
  const causes = kinds.map((kind) => kind.replaceAll("_", " ")).join(", ");
  switch (shared.kind) {
    case "upstream":
      return `The records of ${names} stopped coming at overlapping times: what lies before them all is the likely place.`;
    case "deployment":
      return `${names} were touched when ${shared.service} ${shared.release} began for them, or in the window after it: what came with it is a likely cause, if nothing else came then.`;
    case "host": {
      const told = shared.names.slice(0, MAX_NAMES);
      const more = shared.names.length - told.length;
      const places = more === 0 ? listText(told) : `${told.join(", ")} and ${more} more`;
      const noun = shared.place === "process" ? "process" : shared.place;
      const plural = shared.names.length === 1 ? noun : noun === "process" ? "processes" : `${noun}s`;
      return `${names} began to be slow, to fail or to fall silent at about one time, and ran on the same ${plural} (${places}): that is a likely place.`;
    }
    case "feature":
      return `${names} have their first cause in ${shared.name} at overlapping times (${causes}): one source is likely, if that name is one input.`;
  }
}

function listText(names: readonly string[]): string {
  return names.length === 1 ? names[0]! : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
