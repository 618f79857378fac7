import { parseDuration } from "@tidemark/schema";
import type { ModelPlace } from "../store/model-places.ts";
import type { IncidentGroup, JoinableIncident } from "./join-incidents.ts";

/** From the narrowest: who shares a process shares its host too. */
const PLACES = [
  { attribute: "service.instance.id", place: "process" },
  { attribute: "host.name", place: "host" },
  { attribute: "k8s.node.name", place: "node" },
] as const;

/** Of the places of each of two models, the share that must be the other's as well. */
const LEAST_SHARED = 0.5;

/**
 * Groups incidents of several models that a machine may be the cause of (latency, errors, resources, silence), that overlap and begin
 * within a window of each other, where at least half of the places at which either model ran then are the other's too.
 * Of drift, quality and performance a machine is seldom the cause: they are never joined so.
 */
export function joinByHost(incidents: readonly JoinableIncident[], places: readonly ModelPlace[]): IncidentGroup[] {
  let open = incidents
    .filter(({ signal, firstCause }) => signal === "service" || firstCause.kind === "silence")
    .toSorted((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : a.id < b.id ? -1 : 1));
  const groups: IncidentGroup[] = [];
  for (const { attribute, place } of PLACES) {
    const own = places.filter((each) => each.attribute === attribute);
    const taken = new Set<JoinableIncident>();
    for (const [index, first] of open.entries()) {
      if (taken.has(first)) continue;
      const at = namesAt(own, first);
      const members = [first];
      for (const other of open.slice(index + 1)) {
        if (Date.parse(other.start) >= latestStart(first)) break;
        if (!taken.has(other) && sharesPlaces(at, namesAt(own, other))) members.push(other);
      }
      if (new Set(members.map(({ model }) => model)).size < 2) continue;
      for (const member of members) taken.add(member);
      const others = members.filter(({ model }) => model !== first.model).map((other) => namesAt(own, other));
      const names = [...at].filter((name) => others.some((each) => each.has(name))).sort();
      groups.push({ shared: { kind: "host", place, names }, members });
    }
    open = open.filter((incident) => !taken.has(incident));
  }
  return groups;
}

/** Where a model ran while an incident lasted. */
function namesAt(places: readonly ModelPlace[], { model, start, end, windowName }: JoinableIncident): Set<string> {
  // Of what fell silent the place is where it was before.
  const fromMs = Date.parse(start) - parseDuration(windowName);
  const toMs = Date.parse(end);
  return new Set(
    places
      .filter((place) => place.model === model && place.firstMs < toMs && place.lastMs >= fromMs)
      .map(({ value }) => value),
  );
}

function sharesPlaces(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  const shared = [...a].filter((name) => b.has(name)).length;
  return shared > 0 && shared >= LEAST_SHARED * Math.max(a.size, b.size);
}

/** Later than this nothing begins with it: after it ended, or more than a window after it began. */
function latestStart({ start, end, windowName }: JoinableIncident): number {
  return Math.min(Date.parse(end), Date.parse(start) + parseDuration(windowName));
}
