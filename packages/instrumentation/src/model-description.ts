import type { InputPolicies } from "./events/input-filter.ts";
import type { ProfileSource } from "./profile/load-profile.ts";
import { describeValue } from "./safety/warn.ts";

/** A vector is an array of numbers, such as an embedding: a plain one, a Float32Array or a Float64Array. */
export type FeatureKind = "numeric" | "categorical" | "vector";

/** What prediction events carry beside the answer. */
export interface EventContent {
  /** `none` unless given. */
  readonly inputs?: InputPolicies;
  /** Share of the events that carry inputs, in (0, 1], chosen by id and apart from sampling; all unless given. */
  readonly inputShare?: number;
}

/** A model version and the part it plays. Described once; see `Tidemark.describeModel`. */
export interface ModelDescription {
  readonly name: string;
  readonly version: string;
  readonly type?: "classification" | "regression" | "ranking" | "forecast" | "anomaly" | "embedding";
  /** `champion` unless given. */
  readonly role?: "champion" | "challenger" | "shadow" | "canary" | "member";
  /** Of a member: the ensemble that it answers for. */
  readonly ensemble?: string;
  /** What it does in a pipeline; `predict` unless given. Names its spans. */
  readonly operation?: "predict" | "rank" | "embed" | "explain" | "preprocess" | "postprocess";
  /** Declared features, in the order in which they are read; vectors are no columns of a row. Those of the profile unless given. */
  readonly features?: Readonly<Record<string, FeatureKind>>;
  /** Names that inputs have beside the features: an order number, a time. Others are counted as unknown_feature. */
  readonly ignoredInputs?: readonly string[];
  /**
   * Categories that the numbers 0, 1, 2, ... of a categorical feature stand for, as an encoder before the model made them.
   * Without, a number is a category by its text.
   */
  readonly codes?: Readonly<Record<string, readonly string[]>>;
  /** Segments that are counted on their own: categorical features, ignored inputs, or names that records give values of. */
  readonly segments?: readonly string[];
  /** A profile or the path of its file: gives histogram boundaries, categories and ranges. */
  readonly profile?: ProfileSource | undefined;
  /** What prediction events say of the inputs: nothing unless allowed. `false`: no prediction events. */
  readonly events?: false | EventContent;
  /** What runs the model, on its spans; `open_inference` is a remote server, so that the spans are a client's. */
  readonly system?: "onnxruntime" | "tensorflow" | "transformers" | "open_inference" | "custom";
  /** One span a call; true unless given. */
  readonly spans?: boolean;
}

export const DEFAULT_ROLE = "champion";

/** What identifies a recorder: one description each. */
export function modelKey(description: ModelDescription): string {
  return JSON.stringify([description.name, description.version, description.role ?? DEFAULT_ROLE]);
}

/** Text that is equal for equal descriptions; a profile counts by its id or path. */
export function descriptionFingerprint(description: ModelDescription): string {
  const { type, ensemble, operation, features, ignoredInputs, codes, segments, profile, events, spans } = description;
  return JSON.stringify([
    type,
    ensemble,
    operation,
    features,
    ignoredInputs,
    codes,
    segments,
    typeof profile === "string" ? profile : profile?.id,
    events,
    spans ?? true,
  ]);
}

/** What makes a description unusable, as a sentence; null where nothing does. */
export function problemOfDescription(description: ModelDescription): string | null {
  if (typeof description !== "object" || description === null) return "describeModel needs an object";
  const { name, version, features, ignoredInputs, codes, segments } = description;
  if (typeof name !== "string" || name === "") return `model name is ${String(name)}, expected text`;
  if (typeof version !== "string" || version === "") {
    return `version of model ${name} is ${String(version)}, expected text`;
  }
  for (const [feature, kind] of Object.entries(features ?? {})) {
    if (kind !== "numeric" && kind !== "categorical" && kind !== "vector") {
      return `feature ${feature} of model ${name} is ${String(kind)}, expected "numeric", "categorical" or "vector"`;
    }
  }
  for (const [field, list] of Object.entries({ ignoredInputs, segments })) {
    if (!isListOfText(list ?? []))
      return `${field} of model ${name} is ${describeValue(list)}, expected a list of names`;
  }
  for (const [feature, list] of Object.entries(codes ?? {})) {
    if (!isListOfText(list))
      return `codes of feature ${feature} of model ${name} are ${typeof list}, expected a list of categories`;
  }
  return null;
}

function isListOfText(list: unknown): boolean {
  return Array.isArray(list) && list.every((entry) => typeof entry === "string");
}
