import { SpanKind, type TracerProvider, trace } from "@opentelemetry/api";
import { attr, SCOPE_NAME } from "@tidemark/semconv";
import type { Aggregation } from "../aggregate/aggregation.ts";
import { planModel } from "../aggregate/feature-plan.ts";
import type { ModelCounter } from "../aggregate/model-counter.ts";
import { createModelLayout, type ModelLayout } from "../aggregate/model-layout.ts";
import type { EventEmitter } from "../events/event-emitter.ts";
import { createInputFilter } from "../events/input-filter.ts";
import { ofShare, planInputShare } from "../events/input-share.ts";
import { createIdGenerator } from "../ids/uuid-v7.ts";
import {
  DEFAULT_ROLE,
  descriptionFingerprint,
  type ModelDescription,
  modelKey,
  problemOfDescription,
} from "../model-description.ts";
import { loadProfile } from "../profile/load-profile.ts";
import type { ProfileFetcher } from "../profile/profile-fetcher.ts";
import type { ProfileJson } from "../profile/profile-json.ts";
import { readProfile } from "../profile/read-profile.ts";
import type { DropCounter, DropReason } from "../safety/drop-counter.ts";
import { describeValue, warn } from "../safety/warn.ts";
import { createIdleRecorder } from "./idle-recorder.ts";
import { createModelRecorder, type ModelRecorder } from "./model-recorder.ts";
import { eventTimeOf } from "./record-prediction.ts";
import type { Outcome } from "./record-types.ts";
import type { RecorderParts } from "./recorder-parts.ts";

export interface RegistryParts {
  readonly aggregation: Aggregation;
  readonly events: EventEmitter;
  readonly tracerProvider: TracerProvider | undefined;
  readonly drops: DropCounter;
  /** For features whose policy is hash; null where there is none. */
  readonly hashKey: Uint8Array | null;
  /** Series that one description may have at most. */
  readonly maxSeries: number;
  readonly now: () => number;
  /** Where profiles come from that no description names; null: they do not come. */
  readonly profiles: {
    readonly source: Pick<ProfileFetcher, "follow">;
    /** See `LiveAggregation.replaceModel`. */
    readonly replaceModel: (counter: ModelCounter, layout: ModelLayout) => ModelCounter;
  } | null;
}

/** A description with a profile that came after it. */
export type WithProfile = (profile: ProfileJson) => ModelDescription;

/** Descriptions that are tracked; a service that makes up a version a request must not fill the memory. */
const MAX_MODELS = 100;

/** The described models of a service and their recorders. No method throws. */
export class ModelRegistry {
  readonly #parts: RegistryParts;
  readonly #createId = createIdGenerator();
  readonly #known = new Map<string, { readonly fingerprint: string; readonly recorder: ModelRecorder }>();

  constructor(parts: RegistryParts) {
    this.#parts = parts;
  }

  /**
   * The recorder of a description; one that records nothing where the description cannot be used. One without a profile
   * gets that of the profile source, at once or when it comes.
   */
  describe(
    description: ModelDescription,
    withProfile: WithProfile = (profile) => ({ ...description, profile }),
  ): ModelRecorder {
    try {
      const problem = problemOfDescription(description);
      if (problem !== null) return this.#refuse("invalid_model", problem);
      const key = modelKey(description);
      const known = this.#known.get(key);
      if (known !== undefined) {
        const isSame = known.fingerprint === descriptionFingerprint(description);
        if (!isSame)
          this.#parts.drops.add("conflicting_model", () => `${key} is described in two ways; the first holds`);
        return known.recorder;
      }
      if (this.#known.size >= MAX_MODELS) return this.#refuse("model_limit", `more than ${MAX_MODELS} model versions`);
      const recorder = this.#create(description, withProfile);
      this.#known.set(key, { fingerprint: descriptionFingerprint(description), recorder });
      return recorder;
    } catch (error) {
      this.#parts.drops.addError(error);
      return createIdleRecorder(this.#createId);
    }
  }

  recordOutcome(modelName: string, outcome: Outcome): void {
    const { drops, events } = this.#parts;
    try {
      if (typeof outcome?.id !== "string" || outcome.id === "") {
        drops.add("invalid_field", () => `id of an outcome is ${describeValue(outcome?.id)}, expected text`);
        return;
      }
      events.emitOutcome(modelName, eventTimeOf(this.#parts, outcome.timeMs), outcome);
    } catch (error) {
      drops.addError(error);
    }
  }

  #create(given: ModelDescription, withProfile: WithProfile): ModelRecorder {
    const { aggregation, drops, now, tracerProvider, profiles } = this.#parts;
    let parts: RecorderParts | null = null;
    const kept =
      given.profile === undefined
        ? profiles?.source.follow(given.name, (profile) => {
            if (parts !== null) this.#replan(parts, withProfile(profile));
          })
        : undefined;
    const description = kept === undefined ? given : withProfile(kept);
    const { name, version, type, role, ensemble, operation = "predict", events, spans, system } = description;
    const { layout, inputFilter } = this.#plan(description);
    const names = { [attr.modelName]: name, [attr.modelVersion]: version };
    const part = { [attr.deploymentRole]: role ?? DEFAULT_ROLE, ...(ensemble && { [attr.ensembleName]: ensemble }) };
    const attributes = { ...names, ...part };
    parts = {
      modelName: name,
      operation,
      spanAttributes: {
        ...attributes,
        [attr.operationName]: operation,
        ...(type && { [attr.modelType]: type }),
        ...(system && { [attr.systemName]: system }),
      },
      spanKind: system === "open_inference" ? SpanKind.CLIENT : SpanKind.INTERNAL,
      eventAttributes: role === undefined || role === DEFAULT_ROLE ? names : attributes,
      counter: aggregation.addModel(attributes, layout),
      events: events === false ? null : this.#parts.events,
      inputFilter,
      tracer: spans === false ? null : (tracerProvider ?? trace.getTracerProvider()).getTracer(SCOPE_NAME),
      createId: this.#createId,
      drops,
      now,
    };
    return createModelRecorder(parts, (outcome) => this.recordOutcome(name, outcome));
  }

  #replan(parts: RecorderParts, description: ModelDescription): void {
    const { layout, inputFilter } = this.#plan(description);
    parts.counter = this.#parts.profiles!.replaceModel(parts.counter, layout);
    parts.inputFilter = inputFilter;
  }

  #plan(description: ModelDescription) {
    const { name, events, profile } = description;
    const loaded = loadProfile(profile);
    const plan = planModel(description, readProfile(loaded.profile, name));
    const { inputs: policies = "none", inputShare = 1 } = events === false ? {} : (events ?? {});
    const inputs = createInputFilter(plan, policies, this.#parts.hashKey);
    const share = planInputShare(inputShare);
    if (loaded.problem !== null) warn(`model ${name}: ${loaded.problem}; the service goes on without it`);
    for (const problem of plan.problems) warn(`model ${name}: ${problem}; it is not counted on the profile`);
    for (const problem of [...inputs.problems, ...share.problems]) warn(`model ${name}: ${problem}`);
    const inputFilter = inputs.filter === null ? null : ofShare(inputs.filter, share.share);
    return { layout: createModelLayout(plan, this.#parts.maxSeries), inputFilter };
  }

  #refuse(reason: DropReason, problem: string): ModelRecorder {
    this.#parts.drops.add(reason, () => problem);
    return createIdleRecorder(this.#createId);
  }
}
