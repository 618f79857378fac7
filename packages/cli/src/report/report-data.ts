import type {
  OutcomeSummary,
  ProcessorStatus,
  ScheduleStatus,
  StoredComparison,
  StoredEnsemble,
} from "@tidemark/processor";
import type { DeploymentRole, Explanation, Incident, JoinedIncident, Measurement, Profile } from "@tidemark/schema";
import type { MonitorState } from "@tidemark/semconv";

/** A model version as the read API lists it. */
export interface ReportModelEntry {
  readonly model: string;
  readonly version: string;
  readonly role: DeploymentRole;
  readonly state: MonitorState;
  readonly profileId: string | null;
  readonly predictions: number;
  readonly outcomes: number;
  /** First and last event time, ISO 8601 UTC. */
  readonly firstTime: string;
  readonly lastTime: string;
  readonly windows: readonly { readonly name: string }[];
}

/** What the report says of one model version. */
export interface ReportModel {
  readonly entry: ReportModelEntry;
  /** Null where the model is no longer configured. */
  readonly profile: Profile | null;
  /** The longest window that is judged, such as `7d`; null before any is. */
  readonly windowName: string | null;
  /** Of that window, all of them. */
  readonly measurements: readonly Measurement[];
  /** Of every window. */
  readonly incidents: readonly Incident[];
  /** Of the whole model, whichever version. */
  readonly outcomes: OutcomeSummary;
  /** Why windows turned critical, of every window length. */
  readonly explanations: readonly Explanation[];
  /** Of the whole model: challengers, canaries and shadows against the champion. */
  readonly comparisons: readonly StoredComparison[];
  /** Of the whole model: versions whose predictions say what members answered. */
  readonly ensembles: readonly StoredEnsemble[];
  /** Harmful-shift verdicts on the whole model, which only the shortest window has. */
  readonly harm: readonly Measurement[];
  /** The same by segment, as of the newest window. */
  readonly segmentHarm: readonly Measurement[];
  /** Continuous drift verdicts as of the newest of the shortest windows, which alone have them; none where that is `windowName`. */
  readonly continuous: readonly Measurement[];
  /** When its windows are judged; null where they are judged as they close. */
  readonly schedule: ScheduleStatus | null;
}

/** What the report needs of the processor's status. */
type ReportStatus = Pick<ProcessorStatus, "ingest" | "models">;

export interface ReportData {
  /** What became of received records since the processor started. */
  readonly ingest: ProcessorStatus["ingest"];
  /** When the report was made, ISO 8601 UTC. */
  readonly generatedAt: string;
  readonly models: readonly ReportModel[];
  /** Incidents that several models have in common; of one model's report, with models that it does not show. */
  readonly joinedIncidents: readonly JoinedIncident[];
}

export interface ReportFilter {
  readonly model: string;
  readonly version: string;
  readonly role: DeploymentRole;
  readonly windowName?: string;
  readonly metric?: string;
  readonly targetKind?: Measurement["target"]["kind"];
  /** Only the newest window of each name; of measurements alone. */
  readonly latest?: boolean;
}

/** The part of the processor's read API that the report needs; in process or over HTTP. */
export interface ReportApi {
  models(): Promise<readonly ReportModelEntry[]>;
  measurements(filter: ReportFilter): Promise<readonly Measurement[]>;
  incidents(filter: ReportFilter): Promise<readonly Incident[]>;
  joinedIncidents(filter: Partial<Pick<ReportFilter, "model">>): Promise<readonly JoinedIncident[]>;
  profile(id: string): Promise<Profile | null>;
  outcomes(model: string): Promise<OutcomeSummary>;
  explanations(filter: ReportFilter): Promise<readonly Explanation[]>;
  comparisons(model: string): Promise<readonly StoredComparison[]>;
  ensembles(model: string): Promise<readonly StoredEnsemble[]>;
  status(): ReportStatus | Promise<ReportStatus>;
}
