import { AsyncLocalStorage } from "node:async_hooks";
import { type Context, context } from "@opentelemetry/api";
import type { AutoConfig, ModelConfig } from "../config/auto-config.ts";
import type { ProfileJson } from "../profile/profile-json.ts";
import type { ModelRegistry } from "../record/model-registry.ts";
import type { DropCounter } from "../safety/drop-counter.ts";
import { currentInferenceId } from "./inference-id.ts";
import type { CallContent, CallInFlight, ModelRef } from "./library.ts";
import { type CallTiming, ModelBinding } from "./model-binding.ts";
import type { Tensor } from "./tensor.ts";

export interface ModelCallsParts {
  readonly models: ModelRegistry;
  readonly config: AutoConfig;
  readonly drops: DropCounter;
  /** The profile of a model, where there is one. */
  readonly profileOf: (model: ModelRef, config: ModelConfig | null) => ProfileJson | undefined;
}

/** Models that are told apart; a host that asks for ever new ones must not fill the memory. */
const MAX_MODELS = 100;
const MS_PER_SECOND = 1_000;
const NESTED: CallInFlight = { end() {}, fail() {} };

/** Turns the calls of libraries into records of their models. No method throws. */
export class ModelCalls {
  readonly #parts: ModelCallsParts;
  readonly #bindings = new Map<string, ModelBinding>();
  /** Versions that only answers told: for calls that had none. */
  readonly #versions = new Map<string, string>();
  /** Of models that libraries speak of by the same object each time. */
  readonly #byRef = new WeakMap<ModelRef, ModelBinding>();
  /** Made when first needed: whether a call runs inside one that is noted already. */
  #nesting: AsyncLocalStorage<true> | null = null;

  constructor(parts: ModelCallsParts) {
    this.#parts = parts;
  }

  start(model: ModelRef): CallInFlight {
    if (this.#nesting?.getStore() === true) return NESTED;
    return new NotedCall(this, model);
  }

  withoutNesting<T>(run: () => T): T {
    this.#nesting ??= new AsyncLocalStorage();
    return this.#nesting.run(true, run);
  }

  record(model: ModelRef, read: () => CallContent, timing: CallTiming): void {
    const content: CallContent = this.#read(read, { inputs: [], outputs: [] });
    const { version } = content;
    const binding = this.#bindingOf(version === undefined ? model : { ...model, version });
    if (version !== undefined && binding !== null) this.#versions.set(model.name, version);
    binding?.record(content, timing);
  }

  recordFailure(model: ModelRef, error: unknown, readInputs: () => readonly Tensor[], timing: CallTiming): void {
    const version = model.version ?? this.#versions.get(model.name) ?? null;
    this.#bindingOf({ ...model, version })?.recordFailure(error, this.#read(readInputs, []), timing);
  }

  /** Counts what waited for a better description of its model, before points are collected. */
  releaseWaiting(): void {
    this.guard(() => {
      for (const binding of this.#bindings.values()) binding.releaseWaiting();
    });
  }

  guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#parts.drops.addError(error);
    }
  }

  /** What cannot be read is counted as lost; the call itself still counts. */
  #read<T>(read: () => T, fallback: T): T {
    try {
      return read();
    } catch (error) {
      this.#parts.drops.addError(error);
      return fallback;
    }
  }

  #bindingOf(model: ModelRef): ModelBinding | null {
    const known = this.#byRef.get(model);
    if (known !== undefined) return known;
    const binding = this.#bindingOfName(model);
    if (binding !== null) this.#byRef.set(model, binding);
    return binding;
  }

  #bindingOfName(model: ModelRef): ModelBinding | null {
    const key = `${model.library} ${model.version} ${model.name}`;
    const known = this.#bindings.get(key);
    if (known !== undefined) return known;
    const { drops, config, profileOf } = this.#parts;
    if (this.#bindings.size >= MAX_MODELS) {
      drops.add("model_limit", () => `more than ${MAX_MODELS} models of libraries`);
      return null;
    }
    const modelConfig = config.models.find(({ match }) => matches(match, model)) ?? null;
    const binding = new ModelBinding(model, {
      ...this.#parts,
      config: modelConfig,
      profile: profileOf(model, modelConfig),
    });
    this.#bindings.set(key, binding);
    return binding;
  }
}

class NotedCall implements CallInFlight {
  readonly #calls: ModelCalls;
  readonly #model: ModelRef;
  readonly #context: Context;
  readonly #id = currentInferenceId();
  readonly #timeMs = Date.now();
  readonly #startMs = performance.now();
  #isOver = false;

  constructor(calls: ModelCalls, model: ModelRef) {
    this.#calls = calls;
    this.#model = model;
    this.#context = context.active();
  }

  end(read: () => CallContent): void {
    const id = this.#id;
    const readAll = id === undefined ? read : () => ({ id, ...read() });
    this.#finish((timing) => this.#calls.record(this.#model, readAll, timing));
  }

  fail(error: unknown, readInputs: () => readonly Tensor[] = () => []): void {
    this.#finish((timing) => this.#calls.recordFailure(this.#model, error ?? "unknown", readInputs, timing));
  }

  #finish(record: (timing: CallTiming) => void): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#calls.guard(() => {
      const durationSeconds = (performance.now() - this.#startMs) / MS_PER_SECOND;
      context.with(this.#context, record, undefined, { timeMs: this.#timeMs, durationSeconds });
    });
  }
}

function matches({ library, model }: ModelConfig["match"], ref: ModelRef): boolean {
  if (library !== null && library !== ref.library) return false;
  const pattern = model.split("*").map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, "\\$&"));
  return new RegExp(`^${pattern.join(".*")}$`, "s").test(ref.name);
}
