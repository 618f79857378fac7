import path from "node:path";
import type { Sampling } from "../sampling/sampling.ts";
import type { AutoConfig, ModelConfig, OutputColumn, TensorColumns } from "./auto-config.ts";
import { LIBRARY_NAMES } from "./auto-config.ts";
import { type Check, type Checked, either, flag, list, number, object, oneOf, record, text } from "./checks.ts";

const MODEL_TYPES = ["classification", "regression", "ranking", "forecast", "anomaly", "embedding"] as const;
const ROLES = ["champion", "challenger", "shadow", "canary", "member"] as const;
const POLICIES = ["keep", "bucket", "hash", "drop"] as const;

/** `null` in a list of columns, or the word, leaves a column out. */
const column: Check<string | null> = (value, at, problems) =>
  value === null || value === "ignore" ? null : text(value, at, problems);

const columns = either<readonly (string | null)[], string>(
  list(column),
  text,
  'the name of a feature, a list of names (one a column), or "ignore"',
);

const isPositiveInteger = (value: number) => Number.isInteger(value) && value >= 1;
const probability = number("a number above 0 and at most 1", (value) => value > 0 && value <= 1);
const columnIndex = number("the index of a column, from 0", (value) => Number.isInteger(value) && value >= 0);

const output = either<string, { readonly tensor?: string | undefined; readonly column?: number | undefined }>(
  text,
  requireTensor(object({ tensor: text, column: columnIndex })),
  "the name of an output, or { tensor: NAME, column: INDEX }",
);

const modelShape = {
  match: object({ library: oneOf(LIBRARY_NAMES), model: text }),
  name: text,
  version: text,
  type: oneOf(MODEL_TYPES),
  role: oneOf(ROLES),
  profile: text,
  features: record(oneOf(["numeric", "categorical"])),
  inputs: record(columns),
  score: output,
  label: output,
  value: output,
  probabilities: text,
  classes: list(text),
  segments: list(text),
  codes: record(list(text)),
  events: either(
    falseOnly,
    object({
      inputs: either(oneOf(["none", "all"]), record(oneOf(POLICIES)), "none, all, or a policy a feature"),
      inputShare: probability,
    }),
    'false, or { inputs: "none" | "all" | a policy a feature: keep, bucket, hash, drop; inputShare }',
  ),
  spans: flag,
};

const fileShape = {
  disabled: flag,
  libraries: list(oneOf(LIBRARY_NAMES)),
  metricsEndpoint: text,
  processor: text,
  profileCache: text,
  sampling: object({
    probability,
    by: oneOf(["id", "trace"]),
    strata: list(
      object({
        label: text,
        segment: record(text),
        scoreBetween: list(number("a score", Number.isFinite)),
        probability,
      }),
    ),
    reservoir: object({
      size: number("a whole number from 1", isPositiveInteger),
      intervalMs: number("milliseconds, from 1", isPositiveInteger),
    }),
  }),
  hashKeyFile: text,
  temporality: oneOf(["cumulative", "delta"]),
  models: list(object(modelShape)),
};

/** Every key of the file, and of one of its models. */
export const FILE_KEYS: readonly string[] = Object.keys(fileShape);
export const MODEL_KEYS: readonly string[] = Object.keys(modelShape);

/**
 * Checks the parsed content of a configuration file. What is unusable is named in `problems` and counts as absent.
 *
 * @param folder where relative paths in the file start
 */
export function checkConfigFile(content: unknown, folder: string, problems: string[]): Partial<AutoConfig> {
  const file = object(fileShape)(content ?? {}, "", problems) ?? {};
  const toPath = (given: string | undefined) => (given === undefined ? null : path.resolve(folder, given));
  return {
    ...(file.disabled !== undefined && { isDisabled: file.disabled }),
    ...(file.libraries !== undefined && { libraries: new Set(file.libraries) }),
    ...(file.metricsEndpoint !== undefined && { metricsEndpoint: file.metricsEndpoint }),
    ...(file.processor !== undefined && { processor: file.processor }),
    ...(file.profileCache !== undefined && { profileCache: toPath(file.profileCache) }),
    ...(file.sampling !== undefined && { sampling: file.sampling as Sampling }),
    ...(file.hashKeyFile !== undefined && { hashKeyFile: toPath(file.hashKeyFile) }),
    ...(file.temporality !== undefined && { temporality: file.temporality }),
    models: (file.models ?? []).map((model) => toModelConfig(model, toPath(model.profile))),
  };
}

function toModelConfig(model: Checked<typeof modelShape>, profile: string | null): ModelConfig {
  return {
    match: { library: model.match?.library ?? null, model: model.match?.model ?? "*" },
    name: model.name ?? null,
    version: model.version ?? null,
    type: model.type ?? null,
    role: model.role ?? null,
    profile,
    features: model.features ?? null,
    inputs: Object.fromEntries(Object.entries(model.inputs ?? {}).map(([tensor, named]) => [tensor, toColumns(named)])),
    score: toOutputColumn(model.score),
    label: toOutputColumn(model.label),
    value: toOutputColumn(model.value),
    probabilities: model.probabilities ?? null,
    classes: model.classes ?? null,
    segments: model.segments ?? null,
    codes: model.codes ?? null,
    events: model.events === false ? false : toEventContent(model.events),
    spans: model.spans ?? true,
  };
}

function toEventContent({ inputs = "none", inputShare }: Exclude<Checked<typeof modelShape>["events"], false> = {}) {
  return { inputs, ...(inputShare === undefined ? {} : { inputShare }) };
}

function toColumns(named: string | readonly (string | null)[]): TensorColumns | "ignore" {
  if (named === "ignore") return "ignore";
  return typeof named === "string" ? [named] : named;
}

function toOutputColumn(
  named: string | { readonly tensor?: string | undefined; readonly column?: number | undefined } | undefined,
): OutputColumn | null {
  if (named === undefined) return null;
  return typeof named === "string"
    ? { tensor: named, column: null }
    : { tensor: named.tensor!, column: named.column ?? null };
}

function falseOnly(value: unknown, at: string, problems: string[]): false | undefined {
  return flag(value, at, problems) === false ? false : undefined;
}

function requireTensor<T extends { readonly tensor?: string | undefined }>(check: Check<T>): Check<T> {
  return (value, at, problems) => {
    const taken = check(value, at, problems);
    return taken?.tensor === undefined ? undefined : taken;
  };
}
