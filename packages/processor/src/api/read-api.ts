import type { Explanation, Incident, JoinedIncident, Measurement, Profile } from "@tidemark/schema";
import type { MonitorState } from "@tidemark/semconv";
import { type UnusualInput, unusualInputs } from "@tidemark/signals";
import type { Board } from "../evaluate/board.ts";
import { explainIncidents } from "../evaluate/explain-incidents.ts";
import { findIncidents } from "../evaluate/find-incidents.ts";
import { isPublished } from "../evaluate/is-published.ts";
import { type JoinableIncident, joinableIncident, joinIncidents } from "../evaluate/join-incidents.ts";
import { isWithdrawn } from "../evaluate/revise-measurements.ts";
import { worseState } from "../evaluate/worst-state.ts";
import type { MonitoredModels } from "../pipeline/monitored-models.ts";
import type { MemoryGuard } from "../receive/memory-guard.ts";
import { type ExplanationFilter, readExplanations } from "../store/explanations.ts";
import { countMeasurements, type MeasurementFilter, readMeasurements } from "../store/measurements.ts";
import { readModelPlaces } from "../store/model-places.ts";
import { keyText, listModels, type ModelKey } from "../store/models.ts";
import { type OutcomeSummary, readOutcomeSummary } from "../store/outcome-summary.ts";
import { listProfiles, readProfile, type StoredProfile } from "../store/profiles.ts";
import { readComparisons, type StoredComparison } from "../store/read-comparisons.ts";
import { readEnsembles, type StoredEnsemble } from "../store/read-ensembles.ts";
import { readPrediction, type StoredPrediction } from "../store/read-prediction.ts";
import type { Store } from "../store/store.ts";
import { listModelNames } from "./list-model-names.ts";
import { RequestError } from "./request-error.ts";
import type { ProcessorStatus } from "./status.ts";
import { unknownModel } from "./unknown-model.ts";

export interface ModelEntry extends ModelKey {
  /** The worst state of any target in the newest window of each length. */
  readonly state: MonitorState;
  /** Null for a model that is stored but no longer configured. */
  readonly profileId: string | null;
  readonly predictions: number;
  /** Outcomes of the whole model, whichever version they belong to. */
  readonly outcomes: number;
  /** First and last event time, ISO 8601 UTC. */
  readonly firstTime: string;
  readonly lastTime: string;
  readonly windows: readonly { name: string; start: string; end: string; state: MonitorState }[];
}

/** A prediction and what the reference seldom had of its inputs; null where the model is no longer configured. */
export interface ShownPrediction extends StoredPrediction {
  readonly unusual: readonly UnusualInput[] | null;
}

/** Which incidents to list; what is left out does not restrict. */
export type IncidentFilter = Pick<MeasurementFilter, "model" | "version" | "role" | "windowName">;

export interface ProfileEntry extends StoredProfile {
  /** Whether its model is judged by it now; at most one a model is. */
  readonly active: boolean;
}

/** Everything that the processor tells of itself and its models: the HTTP API, the pages and the tests read this. */
export interface ReadApi {
  models(): Promise<ModelEntry[]>;
  measurements(filter: Omit<MeasurementFilter, "tenant">): Promise<Measurement[]>;
  incidents(filter: IncidentFilter): Promise<Incident[]>;
  /** Incidents of several models that are taken for one; with `model`, those that it is part of. */
  joinedIncidents(filter: Pick<IncidentFilter, "model" | "windowName">): Promise<JoinedIncident[]>;
  profiles(): Promise<ProfileEntry[]>;
  /** Null where there is none with this id. */
  profile(id: string): Promise<Profile | null>;
  /** All predictions with an id, one a version and role that answered, oldest first. */
  predictions(model: string, id: string): Promise<ShownPrediction[]>;
  /** What became of a model's outcomes. */
  outcomes(model: string): Promise<OutcomeSummary>;
  /** Why windows turned critical, in order of time. */
  explanations(filter: Omit<ExplanationFilter, "tenant">): Promise<Explanation[]>;
  /** Challengers, canaries and shadows against the champion. Rejects with a RequestError 404 for a model that there is none of. */
  comparisons(model: string): Promise<StoredComparison[]>;
  /** Versions whose predictions say what the members of the ensemble answered; rejects as `comparisons`. */
  ensembles(model: string): Promise<StoredEnsemble[]>;
  status(): ProcessorStatus;
}

/** What one tenant may see; nothing of another can be asked for. */
export type ReadApiOf = (tenant: string) => ReadApi;

export interface ReadApiOptions {
  readonly store: Store;
  readonly board: Board;
  readonly models: MonitoredModels;
  readonly tenant: string;
  readonly status: (tenant: string) => ProcessorStatus;
  readonly memory: Pick<MemoryGuard, "reserve">;
  /** Brings the board up to what other replicas have judged. */
  readonly refreshBoard: () => Promise<void>;
}

/** Heap that a measurement takes on its way from the store to an answer, measured with 400,000 of them. */
const MEASUREMENT_BYTES = 2_500;

export function createReadApi({ store, board, models, tenant, status, memory, refreshBoard }: ReadApiOptions): ReadApi {
  /** A year of hourly windows is a million measurements: whoever asks for more than there is memory for is told. */
  const measurementsOf = async (filter: Omit<MeasurementFilter, "tenant">): Promise<Measurement[]> => {
    const rows = await countMeasurements(store, { ...filter, tenant });
    const release = memory.reserve(rows * MEASUREMENT_BYTES);
    if (release === null) {
      const fix = "Restrict the question, by model, version and window, or ask again later.";
      const message = `not enough memory to read ${rows} measurements now`;
      throw new RequestError(503, "storeBusy", message, fix, { "retry-after": "5" });
    }
    try {
      return await readMeasurements(store, { ...filter, tenant });
    } finally {
      release();
    }
  };

  const windowsOf = (key: ModelKey): ModelEntry["windows"] =>
    board
      .entries()
      .filter((entry) => keyText(entry.key) === keyText(key))
      .map(({ window, measurements }) => ({
        name: window.name,
        start: new Date(window.startMs).toISOString(),
        end: new Date(window.endMs).toISOString(),
        state: worstOf(measurements.map((measurement) => measurement.state)),
      }));

  const incidents = async (filter: IncidentFilter): Promise<Incident[]> => {
    const found = await measurementsOf(filter);
    const runs = findIncidents(found.filter((measurement) => !isWithdrawn(measurement)));
    return explainIncidents(runs, await readExplanations(store, { ...filter, tenant }));
  };

  const profiles = async () => {
    const own = models.list().filter(({ config }) => config.tenant === tenant);
    const active = own.map(({ profile }) => profile.id);
    const stored = await listProfiles(store, tenant, active);
    return stored.map((profile) => ({ ...profile, active: active.includes(profile.id) }));
  };

  /** Nothing found is an answer for a model that there is. */
  const orUnknown = async <T>(model: string, found: T[]): Promise<T[]> => {
    if (found.length > 0 || models.find(tenant, model) !== undefined) return found;
    const names = await listModelNames(store, models, tenant);
    if (names.includes(model)) return found;
    throw unknownModel(model, names);
  };

  return {
    async models() {
      await refreshBoard();
      const summaries = await listModels(store, tenant);
      return summaries.map(({ firstMs, lastMs, ...summary }) => {
        const windows = windowsOf(summary);
        return {
          ...summary,
          state: worstOf(windows.map((window) => window.state)),
          profileId: models.find(tenant, summary.model)?.profile.id ?? null,
          firstTime: new Date(firstMs).toISOString(),
          lastTime: new Date(lastMs).toISOString(),
          windows,
        };
      });
    },
    async measurements(filter) {
      return (await measurementsOf(filter)).filter(isPublished);
    },
    incidents,
    async joinedIncidents({ model, ...filter }) {
      const names = new Set((await listModels(store, tenant)).map((entry) => entry.model));
      const joinable: JoinableIncident[] = [];
      // Model by model: all measurements of all models at once would seldom fit.
      for (const name of names) joinable.push(...(await incidents({ ...filter, model: name })).map(joinableIncident));
      const joined = joinIncidents(joinable, joinable.length > 1 ? await readModelPlaces(store, tenant) : []);
      return model === undefined ? joined : joined.filter(({ models }) => models.includes(model));
    },
    profiles,
    async profile(id) {
      const known = await profiles();
      return known.some((profile) => profile.id === id) ? readProfile(store, id) : null;
    },
    async predictions(model, id) {
      const profile = models.find(tenant, model)?.profile;
      const found = await readPrediction(store, { tenant, model, id });
      return found.map((each) => ({
        ...each,
        unusual: profile === undefined ? null : unusualInputs(profile, each.inputs),
      }));
    },
    outcomes: (model) => readOutcomeSummary(store, { tenant, model }),
    explanations: (filter) => readExplanations(store, { ...filter, tenant }),
    comparisons: async (model) => orUnknown(model, await readComparisons(store, { tenant, model })),
    ensembles: async (model) => orUnknown(model, await readEnsembles(store, { tenant, model })),
    status: () => status(tenant),
  };
}

/** The worst verdict; without any there was too little data for one. */
function worstOf(states: readonly (MonitorState | null)[]): MonitorState {
  const verdicts = states.filter((state) => state !== null);
  const judged = verdicts.filter((state) => state !== "insufficient_data");
  return judged.length === 0 ? "insufficient_data" : judged.reduce<MonitorState>(worseState, "ok");
}
