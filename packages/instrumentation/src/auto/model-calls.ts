import { AsyncLocalStorage } from "node:async_hooks";
import { context } from "@opentelemetry/api";
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
const UNREAD: CallContent = { inputs: [], outputs: [] };
/** A call inside a call that is noted already, or one that could not be noted. */
const UNNOTED: CallInFlight = { end() {}, fail() {} };

interface CallFailure {
  readonly error: unknown;
}

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
    if (this.#nesting?.getStore() === true) return UNNOTED;
    try {
      return new NotedCall(this, model);
    } catch (error) {
      this.addError(error);
      return UNNOTED;
    }
  }

  guard<T>(action: () => T): T | undefined {
    try {
      return action();
    } catch (error) {
      this.addError(error);
      return undefined;
    }
  }

  withoutNesting<T>(run: () => T): T {
    this.#nesting ??= new AsyncLocalStorage();
    return this.#nesting.run(true, run);
  }

  record(model: ModelRef, read: () => CallContent, timing: CallTiming, failure: CallFailure | null): void {
    const content = this.#read(read);
    if (failure !== null) {
      const version = model.version ?? this.#versions.get(model.name) ?? null;
      this.#bindingOf({ ...model, version })?.recordFailure(failure.error, content.inputs, timing);
      return;
    }
    const { version } = content;
    const binding = this.#bindingOf(version === undefined ? model : { ...model, version });
    if (version !== undefined && binding !== null) this.#versions.set(model.name, version);
    binding?.record(content, timing);
  }

  /** Counts what waited for a better description of its model, before points are collected. */
  releaseWaiting(): void {
    this.guard(() => {
      for (const binding of this.#bindings.values()) binding.releaseWaiting();
    });
  }

  addError(error: unknown): void {
    this.#parts.drops.addError(error);
  }

  /** What cannot be read is counted as lost; the call itself still counts. */
  #read(read: () => CallContent): CallContent {
    return this.guard(read) ?? UNREAD;
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
  readonly #context = context.active();
  readonly #id = currentInferenceId();
  readonly #timeMs = Date.now();
  readonly #startMs = performance.now();
  #isOver = false;

  constructor(calls: ModelCalls, model: ModelRef) {
    this.#calls = calls;
    this.#model = model;
  }

  end(read: () => CallContent): void {
    const id = this.#id;
    this.#finish(id === undefined ? read : () => ({ id, ...read() }), null);
  }

  fail(error: unknown, readInputs: () => readonly Tensor[] = () => []): void {
    this.#finish(() => ({ inputs: readInputs(), outputs: [] }), { error: error ?? "unknown" });
  }

  #finish(read: () => CallContent, failure: CallFailure | null): void {
    if (this.#isOver) return;
    this.#isOver = true;
    try {
      const durationSeconds = (performance.now() - this.#startMs) / MS_PER_SECOND;
      const timing = { timeMs: this.#timeMs, durationSeconds };
      // A promise goes on in the context in which it was asked for; an event of a socket does not.
      if (context.active() === this.#context) this.#calls.record(this.#model, read, timing, failure);
      else context.with(this.#context, () => this.#calls.record(this.#model, read, timing, failure));
    } catch (error) {
      this.#calls.addError(error);
    }
  }
}

function matches({ library, model }: ModelConfig["match"], ref: ModelRef): boolean {
  if (library !== null && library !== ref.library) return false;
  const pattern = model.split("*").map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, "\\$&"));
  return new RegExp(`^${pattern.join(".*")}$`, "s").test(ref.name);
}
