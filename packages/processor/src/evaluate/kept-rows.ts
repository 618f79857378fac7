import { parseDuration } from "@tidemark/schema";
import type { MonitoredModels } from "../pipeline/monitored-models.ts";
import type { KeptRows } from "../store/retention.ts";
import { shortestWindow } from "./shortest-window.ts";
import { streamRoot } from "./watch-streams.ts";

const DAY_MS = 86_400_000;

/** What the configured models need of old rows. */
export function keptRows(models: Pick<MonitoredModels, "list">): KeptRows {
  const listed = models.list();
  return {
    longestWindows: listed.flatMap(({ config: { tenant, name, windows } }) => {
      const longest = windows.reduce((most, each) => (parseDuration(each) > parseDuration(most) ? each : most));
      return parseDuration(longest) < DAY_MS ? [[tenant, name, longest] as const] : [];
    }),
    charted: listed.flatMap(({ config: { tenant, name, charts } }) =>
      charts.map(({ metric }) => [tenant, name, metric] as const),
    ),
    profileIds: listed.map(({ profile }) => profile.id),
    streams: listed.map((model) => {
      const lengthMs = parseDuration(shortestWindow(model.config.windows));
      return { root: streamRoot(model, lengthMs), profileId: model.profile.id, lengthMs };
    }),
  };
}
