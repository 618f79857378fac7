import { parseDuration } from "@tidemark/schema";
import { groupBy } from "../group-by.ts";
import type { ModelPlace } from "../store/model-places.ts";
import type { IncidentGroup, JoinableIncident } from "./join-incidents.ts";

/** What began for several models at about one time: a release of their service, or new versions of themselves in it. */
interface Deployment {
  readonly service: string;
  /** `2.1.0` of the service, or `versions from 2026-11-25T10:00:00.000Z` of the models. */
  readonly release: string;
  /** When it began for each model, Unix milliseconds. */
  readonly beganMs: ReadonlyMap<string, number>;
}

const HOUR_MS = 3_600_000;
/** In a longer window a deployment coincides with anything. */
const LONGEST_MS = 24 * HOUR_MS;

/**
 * Groups incidents of several models of one service that began with one deployment: each in the window in which it began for its
 * model, or in the next. What a model began with, before which there was nothing, is no deployment.
 */
export function joinByDeployment(
  incidents: readonly JoinableIncident[],
  places: readonly ModelPlace[],
): IncidentGroup[] {
  const taken = new Set<JoinableIncident>();
  const groups: IncidentGroup[] = [];
  for (const { service, release, beganMs } of deploymentsOf(places)) {
    const members = incidents.filter(
      (incident) => !taken.has(incident) && beganWith(incident, beganMs.get(incident.model)),
    );
    if (new Set(members.map(({ model }) => model)).size < 2) continue;
    for (const member of members) taken.add(member);
    groups.push({ shared: { kind: "deployment", service, release }, members });
  }
  return groups;
}

function beganWith({ start, windowName }: JoinableIncident, deployedMs: number | undefined): boolean {
  const lengthMs = parseDuration(windowName);
  if (deployedMs === undefined || lengthMs > LONGEST_MS) return false;
  const startMs = Date.parse(start);
  return deployedMs >= startMs - lengthMs && deployedMs < startMs + lengthMs;
}

function deploymentsOf(places: readonly ModelPlace[]): Deployment[] {
  const releases = startsOf(
    places.filter(({ attribute }) => attribute === "service.version"),
    ({ value }) => value,
  );
  const versions = startsOf(places, ({ version }) => version);
  return [
    ...[...groupBy(releases, ({ service, name }) => JSON.stringify([service, name])).values()].map((own) => ({
      service: own[0]!.service,
      release: own[0]!.name,
      beganMs: beginnings(own),
    })),
    ...[...groupBy(versions, ({ service }) => service).values()].flatMap(together).map((own) => ({
      service: own[0]!.service,
      release: `versions from ${new Date(own[0]!.beganMs).toISOString()}`,
      beganMs: beginnings(own),
    })),
  ].filter(({ beganMs }) => beganMs.size > 1);
}

interface Start {
  readonly service: string;
  readonly model: string;
  readonly name: string;
  readonly beganMs: number;
}

/** When each model began with each of its names in a service, but for the first it had. */
function startsOf(places: readonly ModelPlace[], nameOf: (place: ModelPlace) => string): Start[] {
  const named = places.filter(({ service }) => service !== "");
  return [...groupBy(named, ({ service, model }) => JSON.stringify([service, model])).values()].flatMap((own) =>
    [...groupBy(own, nameOf).entries()]
      .map(([name, each]) => ({
        service: own[0]!.service,
        model: own[0]!.model,
        name,
        beganMs: Math.min(...each.map(({ firstMs }) => firstMs)),
      }))
      .sort((a, b) => a.beganMs - b.beganMs)
      .slice(1),
  );
}

/** Starts that lie within an hour of the first of them. */
function together(starts: readonly Start[]): Start[][] {
  const groups: Start[][] = [];
  for (const start of starts.toSorted((a, b) => a.beganMs - b.beganMs)) {
    const last = groups.at(-1);
    if (last === undefined || start.beganMs - last[0]!.beganMs > HOUR_MS) groups.push([start]);
    else last.push(start);
  }
  return groups;
}

function beginnings(starts: readonly Start[]): Map<string, number> {
  return new Map(starts.toSorted((a, b) => b.beganMs - a.beganMs).map(({ model, beganMs }) => [model, beganMs]));
}
