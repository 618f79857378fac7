import type { Measurement, Profile } from "@tidemark/schema";
import type { WindowAggregate } from "@tidemark/signals";
import type { TouchedSpan } from "../aggregate/touched-spans.ts";
import type { ModelKey } from "../store/models.ts";
import type { ChartStore } from "./chart-windows.ts";
import type { ComparisonStore } from "./compare-roles.ts";
import type { EstimationStore } from "./estimate-windows.ts";
import type { ExplanationStore } from "./explain-changes.ts";
import type { EnsembleStore } from "./judge-ensembles.ts";
import type { ReferenceStore } from "./reference-drift.ts";
import type { HarmStore } from "./watch-harm.ts";
import type { StreamStore } from "./watch-streams.ts";
import type { WindowSpan } from "./window-grid.ts";

/** What evaluation needs of the store; the embedded engine behind it is the wiring's business. */
export interface EvaluationStore
  extends ChartStore,
    ComparisonStore,
    EnsembleStore,
    EstimationStore,
    ExplanationStore,
    HarmStore,
    ReferenceStore,
    StreamStore {
  aggregate(request: {
    readonly key: ModelKey;
    readonly profile: Profile;
    readonly window: WindowSpan;
    readonly outcomeHorizonMs: number;
    readonly segments: readonly string[];
    readonly multivariateRows?: number | undefined;
    readonly patterns?: Readonly<Record<string, string>> | undefined;
  }): Promise<WindowAggregate>;
  touchedSpans(tenant: string, model: string, receivedFromMs: number, spanMs: number): Promise<readonly TouchedSpan[]>;
  /**
   * The stored measurements of one window, each at its latest revision; without comparisons, ensembles, estimates, control charts,
   * continuous verdicts, harmful shift and verdicts against windows before, which have passes of their own.
   */
  measurementsOf(key: ModelKey, window: WindowSpan): Promise<readonly Measurement[]>;
  save(measurements: readonly Measurement[]): Promise<void>;
  /** Starts of the windows that are judged already, Unix milliseconds. */
  judgedStarts(key: ModelKey, windowName: string): Promise<readonly number[]>;
  /** Arrival time up to which late records have been taken care of; null where none was noted. */
  readMark(tenant: string, model: string): Promise<number | null>;
  saveMark(tenant: string, model: string, receivedFromMs: number): Promise<void>;
}
