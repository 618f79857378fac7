import { type Measurement, parseDuration } from "@tidemark/schema";
import { attr, metric, nearestName, TidemarkError } from "@tidemark/semconv";
import type { ReportApi, ReportData, ReportModel, ReportModelEntry } from "./report-data.ts";

/**
 * Everything the report shows, from the read API. With `modelName`, only that model's versions.
 * Throws TidemarkError where no model has that name.
 */
export async function collectReportData(
  api: ReportApi,
  modelName?: string,
  now: () => Date = () => new Date(),
): Promise<ReportData> {
  const entries = await api.models();
  const chosen = modelName === undefined ? entries : entries.filter((entry) => entry.model === modelName);
  if (modelName !== undefined && chosen.length === 0) throw unknownModel(modelName, entries);
  const models: ReportModel[] = [];
  const status = await api.status();
  const scheduleOf = (name: string) => status.models.find(({ model }) => model === name)?.schedule ?? null;
  for (const entry of chosen) models.push(await collectModel(api, entry, scheduleOf(entry.model)));
  // What one model alone has is never joined, so it is not asked for.
  const isAlone = new Set(entries.map(({ model }) => model)).size < 2;
  const joinedIncidents = isAlone ? [] : await api.joinedIncidents(modelName === undefined ? {} : { model: modelName });
  return { generatedAt: now().toISOString(), ingest: status.ingest, models, joinedIncidents };
}

async function collectModel(
  api: ReportApi,
  entry: ReportModelEntry,
  schedule: ReportModel["schedule"],
): Promise<ReportModel> {
  const { model, version, role, profileId } = entry;
  const windowName = longestWindow(entry);
  const profile = profileId === null ? null : await api.profile(profileId);
  const outcomes = await api.outcomes(model);
  const comparisons = await api.comparisons(model);
  const ensembles = await api.ensembles(model);
  const explanations = await api.explanations({ model, version, role });
  const harmOf = { model, version, role, metric: metric.performanceHarm };
  const harm = await api.measurements({ ...harmOf, targetKind: "prediction" });
  const segmentHarm = await api.measurements({ ...harmOf, targetKind: "segment", latest: true });
  const ofModel = { outcomes, comparisons, ensembles, schedule };
  const about = { entry, profile, windowName, ...ofModel, explanations, harm, segmentHarm };
  if (windowName === null) return { ...about, measurements: [], incidents: [], continuous: [] };
  const measurements = await api.measurements({ model, version, role, windowName });
  const incidents = await api.incidents({ model, version, role });
  const continuous = await collectContinuous(api, entry, windowName);
  return { ...about, measurements, incidents, continuous };
}

async function collectContinuous(
  api: ReportApi,
  { model, version, role, windows }: ReportModelEntry,
  shownName: string,
): Promise<readonly Measurement[]> {
  const windowName = shortestWindow(windows.map(({ name }) => name));
  if (windowName === shownName) return [];
  const filter = { model, version, role, windowName, metric: metric.driftSeverity, latest: true };
  const newest = await api.measurements(filter);
  return newest.filter(({ attributes }) => attributes[attr.driftReading] === "stream");
}

function shortestWindow(names: readonly string[]): string {
  return names.reduce((least, name) => (parseDuration(name) < parseDuration(least) ? name : least));
}

function longestWindow({ windows }: ReportModelEntry): string | null {
  return windows
    .map(({ name }) => name)
    .reduce<string | null>(
      (longest, name) => (longest === null || parseDuration(name) > parseDuration(longest) ? name : longest),
      null,
    );
}

function unknownModel(name: string, entries: readonly ReportModelEntry[]): TidemarkError {
  const names = [...new Set(entries.map((entry) => entry.model))];
  const nearest = nearestName(name, names);
  const known = names.length === 0 ? "the processor has seen no model yet" : `it knows ${names.join(", ")}`;
  return new TidemarkError("usage", `no model is called "${name}"; ${known}`, {
    fix: nearest === null ? "Leave --model out for all models." : `Did you mean --model ${nearest}?`,
  });
}
