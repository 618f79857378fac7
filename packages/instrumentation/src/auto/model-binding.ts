import { type Context, context } from "@opentelemetry/api";
import type { LibraryName, ModelConfig } from "../config/auto-config.ts";
import type { Tidemark } from "../create-tidemark.ts";
import type { FeatureKind, ModelDescription } from "../model-description.ts";
import type { ProfileJson } from "../profile/profile-json.ts";
import type { ModelRecorder } from "../record/model-recorder.ts";
import type { DropCounter } from "../safety/drop-counter.ts";
import { batchSizeOf, type InputLayout, planInputs } from "./input-layout.ts";
import type { CallContent, ModelRef } from "./library.ts";
import { type OutputLayout, planOutputs } from "./output-layout.ts";
import type { Tensor } from "./tensor.ts";

/** When a call began, Unix milliseconds, and how long it took. */
export interface CallTiming {
  readonly timeMs: number;
  readonly durationSeconds: number;
}

export interface BindingParts {
  readonly tidemark: Tidemark;
  readonly drops: DropCounter;
  readonly config: ModelConfig | null;
  readonly profile: ProfileJson | undefined;
}

const SYSTEMS: Readonly<Record<LibraryName, NonNullable<ModelDescription["system"]>>> = {
  onnxruntime: "onnxruntime",
  tfjs: "tensorflow",
  transformers: "transformers",
  open_inference: "open_inference",
};
const UNKNOWN_VERSION = "unversioned";
/** Failures that wait for an answered call, which describes the model better than a call that may lack an input. */
const MAX_WAITING = 10;

interface WaitingFailure {
  readonly error: unknown;
  readonly size: number;
  readonly timing: CallTiming;
  /** Of the host's call, for the parent of its span. */
  readonly context: Context;
}

/**
 * One model of a library and its recorder. Which features it has is read from its first answered call; of a model that
 * only fails, from the failed call that gave most.
 */
export class ModelBinding {
  readonly #ref: ModelRef;
  readonly #parts: BindingParts;
  #inputs: InputLayout | null = null;
  #outputs: OutputLayout | null = null;
  #recorder: ModelRecorder | null = null;
  readonly #waiting: WaitingFailure[] = [];

  constructor(ref: ModelRef, parts: BindingParts) {
    this.#ref = ref;
    this.#parts = parts;
  }

  record({ inputs, outputs, id }: CallContent, { timeMs, durationSeconds }: CallTiming): void {
    const { layout, recorder } = this.#describe(inputs);
    const rows = layout.toRows(inputs, (problem) => this.#parts.drops.add("invalid_field", () => problem));
    this.#outputs ??= outputs.length === 0 ? null : planOutputs(outputs, this.#parts.config);
    recorder.recordBatch({
      inputs: rows,
      durationSeconds,
      timesMs: rows.map(() => timeMs),
      ...(id !== undefined && { ids: idsOf(id, rows.length) }),
      ...this.#outputs?.(outputs),
    });
  }

  recordFailure(error: unknown, inputs: readonly Tensor[], timing: CallTiming): void {
    const size = batchSizeOf(inputs);
    const failure = { error, size, timing, context: context.active() };
    if (this.#recorder !== null) {
      recordFailure(this.#recorder, failure);
      return;
    }
    const layout = planInputs(inputs, this.#parts.config, this.#categorical());
    if (this.#inputs === null || featureCount(layout) > featureCount(this.#inputs)) this.#inputs = layout;
    this.#waiting.push(failure);
    if (this.#waiting.length >= MAX_WAITING) this.releaseWaiting();
  }

  /** Counts the failures that wait for an answered call: a collection does not. */
  releaseWaiting(): void {
    if (this.#waiting.length > 0 && this.#inputs !== null) this.#describeBy(this.#inputs);
  }

  #describe(inputs: readonly Tensor[]): { readonly layout: InputLayout; readonly recorder: ModelRecorder } {
    if (this.#recorder !== null && this.#inputs !== null) return { layout: this.#inputs, recorder: this.#recorder };
    const layout = planInputs(inputs, this.#parts.config, this.#categorical());
    return { layout, recorder: this.#describeBy(layout) };
  }

  #describeBy(layout: InputLayout): ModelRecorder {
    const { tidemark, config, profile } = this.#parts;
    const recorder = tidemark.describeModel({
      name: config?.name ?? this.#ref.name,
      version: config?.version ?? this.#ref.version ?? UNKNOWN_VERSION,
      system: SYSTEMS[this.#ref.library],
      ...(config?.type && { type: config.type }),
      ...(config?.role && { role: config.role }),
      ...(profile === undefined ? { features: this.#features(layout) } : { profile }),
      ...(config && { events: config.events, spans: config.spans }),
    });
    this.#inputs = layout;
    this.#recorder = recorder;
    for (const failure of this.#waiting.splice(0)) recordFailure(recorder, failure);
    return recorder;
  }

  #features(layout: InputLayout): Readonly<Record<string, FeatureKind>> {
    return { ...layout.features, ...this.#parts.config?.features };
  }

  /** Names that somebody declared categorical: of these the text may be counted. */
  #categorical(): ReadonlySet<string> {
    const { config, profile } = this.#parts;
    const declared = Object.entries(config?.features ?? {}).filter(([, kind]) => kind === "categorical");
    const profiled = (profile?.fields ?? []).filter(
      ({ target, kind }) => target === "feature" && kind === "categorical",
    );
    return new Set([...declared.map(([name]) => name), ...profiled.map(({ name }) => name)]);
  }
}

function recordFailure(recorder: ModelRecorder, failure: WaitingFailure): void {
  const { error, size, timing } = failure;
  const inputs = Array.from({ length: size }, () => ({}));
  const timesMs = inputs.map(() => timing.timeMs);
  context.with(failure.context, () => {
    recorder.recordBatch({ inputs, timesMs, durationSeconds: timing.durationSeconds, error });
  });
}

function featureCount({ features }: InputLayout): number {
  return Object.keys(features).length;
}

/** A batch has one id for the call: its predictions have that with their row. */
function idsOf(id: string, rows: number): string[] {
  return rows === 1 ? [id] : Array.from({ length: rows }, (_, row) => `${id}.${row}`);
}
