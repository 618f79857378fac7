import type { EventContent, FeatureKind, ModelDescription } from "../model-description.ts";
import type { Sampling } from "../sampling/sampling.ts";

/** Names of the instrumented libraries, as configuration has them. */
export const LIBRARY_NAMES = ["onnxruntime", "tfjs", "transformers", "open_inference"] as const;
export type LibraryName = (typeof LIBRARY_NAMES)[number];

/** Where a column of an input tensor goes: the feature's name, or null for a column that is no feature. */
export type TensorColumns = readonly (string | null)[];

/** Which output holds something, and in which column; without a column the last of two, else the only one. */
export interface OutputColumn {
  readonly tensor: string;
  readonly column: number | null;
}

/** What the configuration says of one model. */
export interface ModelConfig {
  /** Which model of which library it speaks of: the name the library knows, with `*` for anything. */
  readonly match: { readonly library: LibraryName | null; readonly model: string };
  readonly name: string | null;
  readonly version: string | null;
  readonly type: NonNullable<ModelDescription["type"]> | null;
  readonly role: NonNullable<ModelDescription["role"]> | null;
  /** Path of a profile file; null where there is none. */
  readonly profile: string | null;
  readonly features: Readonly<Record<string, FeatureKind>> | null;
  /** By tensor; "ignore" leaves a tensor out. */
  readonly inputs: Readonly<Record<string, TensorColumns | "ignore">>;
  readonly score: OutputColumn | null;
  readonly label: OutputColumn | null;
  readonly value: OutputColumn | null;
  /** Output with a probability of each class. */
  readonly probabilities: string | null;
  /** Names of the classes, by index; null: the index is the name. */
  readonly classes: readonly string[] | null;
  readonly segments: readonly string[] | null;
  /** Categories that the numbers 0, 1, 2, ... of a categorical feature stand for. */
  readonly codes: Readonly<Record<string, readonly string[]>> | null;
  readonly events: false | EventContent;
  readonly spans: boolean;
}

/** What automatic instrumentation does, after defaults. */
export interface AutoConfig {
  readonly isDisabled: boolean;
  readonly libraries: ReadonlySet<LibraryName>;
  /** OTLP/HTTP endpoint of our own export; null: where the host's metrics go. */
  readonly metricsEndpoint: string | null;
  /** URL of the processor that profiles are fetched from; null: they are not fetched. */
  readonly processor: string | null;
  /** Sent to the processor with each request. */
  readonly processorHeaders: Readonly<Record<string, string>>;
  /** Folder in which fetched profiles are kept for the next start. */
  readonly profileCache: string | null;
  readonly sampling: Sampling;
  readonly hashKeyFile: string | null;
  readonly temporality: "cumulative" | "delta";
  /** The first that matches holds. */
  readonly models: readonly ModelConfig[];
}
