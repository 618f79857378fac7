import { CAUSE_KINDS, type FirstCause, type Incident } from "@tidemark/schema";
import type { MonitorState } from "@tidemark/semconv";
import { stateRank, worstState } from "./states.ts";

/** Incidents of one first cause that overlap or touch in time: one thing that happened. */
export interface CauseEpisode {
  readonly firstCause: FirstCause;
  readonly windowName: string;
  readonly state: MonitorState;
  readonly open: boolean;
  /** ISO 8601 UTC; the end is exclusive. */
  readonly start: string;
  readonly end: string;
  /** The earliest first. */
  readonly incidents: readonly Incident[];
}

/**
 * What happened, episode by episode, so that one fault is read once and not once a target. The worst state first; then
 * what would explain the rest; then what is still open; then what touched most targets longest; then the newest.
 */
export function causeEpisodes(incidents: readonly Incident[]): CauseEpisode[] {
  const byCause = Map.groupBy(incidents, ({ firstCause, windowName }) =>
    [firstCause.kind, firstCause.target, windowName].join("\n"),
  );
  return [...byCause.values()].flatMap(episodesOf).sort(compare);
}

function episodesOf(incidents: readonly Incident[]): CauseEpisode[] {
  const groups: Incident[][] = [];
  let end = "";
  for (const incident of incidents.toSorted((a, b) => (startOf(a) < startOf(b) ? -1 : 1))) {
    if (startOf(incident) > end) groups.push([]);
    groups.at(-1)!.push(incident);
    end = [end, endOf(incident)].toSorted().at(-1)!;
  }
  return groups.map((group) => ({
    firstCause: group[0]!.firstCause,
    windowName: group[0]!.windowName,
    state: worstState(group.map((incident) => incident.state)) ?? "warning",
    open: group.some((incident) => incident.open),
    start: startOf(group[0]!),
    end: group.map(endOf).toSorted().at(-1)!,
    incidents: group,
  }));
}

function compare(a: CauseEpisode, b: CauseEpisode): number {
  return (
    stateRank(b.state) - stateRank(a.state) ||
    CAUSE_KINDS.indexOf(a.firstCause.kind) - CAUSE_KINDS.indexOf(b.firstCause.kind) ||
    Number(b.open) - Number(a.open) ||
    extentOf(b) - extentOf(a) ||
    (a.start > b.start ? -1 : 1)
  );
}

/** Windows that were not ok, over all targets. */
function extentOf({ incidents }: CauseEpisode): number {
  return incidents.reduce((sum, incident) => sum + incident.windows.length, 0);
}

function startOf(incident: Incident): string {
  return incident.windows[0]!.window.start;
}

function endOf(incident: Incident): string {
  return incident.windows.at(-1)!.window.end;
}
