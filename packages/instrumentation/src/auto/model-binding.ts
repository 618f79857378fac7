import { type Context, context } from "@opentelemetry/api";
import { featuresOf } from "../aggregate/feature-plan.ts";
import type { LibraryName, ModelConfig } from "../config/auto-config.ts";
import type { FeatureKind, ModelDescription } from "../model-description.ts";
import type { ProfileJson } from "../profile/profile-json.ts";
import { readProfile } from "../profile/read-profile.ts";
import type { ModelRecorder } from "../record/model-recorder.ts";
import type { ModelRegistry } from "../record/model-registry.ts";
import type { DropCounter } from "../safety/drop-counter.ts";
import { batchSizeOf, type InputLayout, planInputs } from "./input-layout.ts";
import type { CallContent, ModelRef } from "./library.ts";
import { type OutputColumns, type OutputLayout, planOutputs } from "./output-layout.ts";
import type { Tensor } from "./tensor.ts";

/** When a call began, Unix milliseconds, and how long it took. */
export interface CallTiming {
  readonly timeMs: number;
  readonly durationSeconds: number;
}

export interface BindingParts {
  readonly models: ModelRegistry;
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
const NO_OUTPUTS: OutputColumns = {};
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
  /** Of the call that described the model, or may yet; without their data. */
  #tensors: readonly Tensor[] = [];
  #outputs: OutputLayout | null = null;
  #recorder: ModelRecorder | null = null;
  /** Whether the columns of the one input tensor are the features of the model. */
  #isByColumn = false;
  readonly #waiting: WaitingFailure[] = [];
  readonly #onMismatch = (problem: string) => this.#parts.drops.add("invalid_field", () => problem);

  constructor(ref: ModelRef, parts: BindingParts) {
    this.#ref = ref;
    this.#parts = parts;
  }

  /** The predictions of a batch have the id of the call, if it has one, with their row. */
  record({ inputs, outputs, id }: CallContent, { timeMs, durationSeconds }: CallTiming): void {
    const recorder = this.#recorder ?? this.#describe(inputs);
    const rows = this.#inputs!.toRows(inputs, this.#isByColumn, this.#onMismatch);
    this.#outputs ??= outputs.length === 0 ? null : planOutputs(outputs, this.#parts.config);
    const { scores, labels, values, probabilities } = this.#outputs?.(outputs) ?? NO_OUTPUTS;
    if (rows.length === 1) {
      recorder.record({
        id,
        inputs: rows[0]!,
        score: scores?.[0],
        label: labels?.[0],
        value: values?.[0],
        probabilities: probabilities?.[0],
        durationSeconds,
        timeMs,
      });
    } else {
      const timesMs = rows.map(() => timeMs);
      const ids = id === undefined ? undefined : rows.map((_, row) => `${id}.${row}`);
      recorder.recordBatch({ ids, inputs: rows, scores, labels, values, probabilities, durationSeconds, timesMs });
    }
  }

  recordFailure(error: unknown, inputs: readonly Tensor[], timing: CallTiming): void {
    const size = batchSizeOf(inputs);
    const failure = { error, size, timing, context: context.active() };
    if (this.#recorder !== null) {
      recordFailure(this.#recorder, failure);
      return;
    }
    const layout = this.#planInputs(inputs, this.#parts.profile);
    if (this.#inputs === null || featureCount(layout) > featureCount(this.#inputs)) {
      this.#inputs = layout;
      this.#tensors = inputs.map(withoutData);
    }
    this.#waiting.push(failure);
    if (this.#waiting.length >= MAX_WAITING) this.releaseWaiting();
  }

  /** Counts the failures that wait for an answered call: a collection does not. */
  releaseWaiting(): void {
    if (this.#waiting.length > 0) this.#describe(this.#tensors);
  }

  #describe(tensors: readonly Tensor[]): ModelRecorder {
    const { models, profile } = this.#parts;
    this.#tensors = tensors.map(withoutData);
    const recorder = models.describe(this.#plan(profile), (fetched) => this.#plan(fetched));
    this.#recorder = recorder;
    for (const failure of this.#waiting.splice(0)) recordFailure(recorder, failure);
    return recorder;
  }

  #plan(profile: ProfileJson | undefined): ModelDescription {
    const layout = this.#planInputs(this.#tensors, profile);
    const description = this.#description(layout, profile);
    const features = Object.keys(description.features ?? featuresOf(readProfile(profile, description.name)));
    this.#inputs = layout;
    this.#isByColumn =
      layout.columns !== null &&
      layout.columns.length === features.length &&
      layout.columns.every((name, column) => name === features[column]);
    return description;
  }

  #description(layout: InputLayout, profile: ProfileJson | undefined): ModelDescription {
    const { config } = this.#parts;
    return {
      name: config?.name ?? this.#ref.name,
      version: config?.version ?? this.#ref.version ?? UNKNOWN_VERSION,
      system: SYSTEMS[this.#ref.library],
      ...(config?.type && { type: config.type }),
      ...(config?.role && { role: config.role }),
      ...(config?.segments && { segments: config.segments }),
      ...(config?.codes && { codes: config.codes }),
      ...(profile === undefined ? { features: this.#features(layout) } : { profile }),
      ...(config && { events: config.events, spans: config.spans }),
    };
  }

  #features(layout: InputLayout): Readonly<Record<string, FeatureKind>> {
    const { config } = this.#parts;
    const segments = Object.fromEntries((config?.segments ?? []).map((name) => [name, "categorical" as const]));
    return { ...layout.features, ...segments, ...config?.features };
  }

  #planInputs(tensors: readonly Tensor[], profile: ProfileJson | undefined): InputLayout {
    return planInputs(tensors, this.#parts.config, this.#categorical(profile));
  }

  /** Names that somebody declared categorical: of these the text may be counted. */
  #categorical(profile: ProfileJson | undefined): ReadonlySet<string> {
    const { config } = this.#parts;
    const declared = Object.entries(config?.features ?? {}).filter(([, kind]) => kind === "categorical");
    const profiled = (profile?.fields ?? []).filter(
      ({ target, kind }) => target === "feature" && kind === "categorical",
    );
    return new Set([
      ...(config?.segments ?? []),
      ...declared.map(([name]) => name),
      ...profiled.map(({ name }) => name),
    ]);
  }
}

/** What a layout is planned from. */
function withoutData(tensor: Tensor): Tensor {
  return { ...tensor, data: [] };
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
