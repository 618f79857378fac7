import path from "node:path";
import { nearestName } from "@tidemark/semconv";
import { type AutoConfig, LIBRARY_NAMES, type LibraryName, type ModelConfig } from "./auto-config.ts";
import { parsePairs } from "./parse-pairs.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Every variable that is read here or where its name is used; others that begin with TIDEMARK_ are slips. */
export const VARIABLES = [
  "TIDEMARK_CONFIG",
  "TIDEMARK_DISABLED",
  "TIDEMARK_LIBRARIES",
  "TIDEMARK_METRICS_ENDPOINT",
  "TIDEMARK_PROCESSOR_URL",
  "TIDEMARK_PROCESSOR_HEADERS",
  "TIDEMARK_PROFILE_CACHE",
  "TIDEMARK_SAMPLING_PROBABILITY",
  "TIDEMARK_HASH_KEY_FILE",
  "TIDEMARK_MODEL_NAME",
  "TIDEMARK_MODEL_VERSION",
  "TIDEMARK_MODEL_PROFILE",
] as const;

/** What the environment says; `model` speaks of every model the service runs. */
export function readEnvironment(
  env: Environment,
  problems: string[],
): Partial<AutoConfig> & { readonly model: Partial<ModelConfig> | null } {
  warnOfSlips(env, problems);
  const set = (name: (typeof VARIABLES)[number]) => env[name] || undefined;
  const libraries = set("TIDEMARK_LIBRARIES");
  const given = set("TIDEMARK_SAMPLING_PROBABILITY");
  const probability = given === undefined ? undefined : toProbability(given, problems);
  const model: Partial<ModelConfig> = {
    ...(set("TIDEMARK_MODEL_NAME") && { name: set("TIDEMARK_MODEL_NAME")! }),
    ...(set("TIDEMARK_MODEL_VERSION") && { version: set("TIDEMARK_MODEL_VERSION")! }),
    ...(set("TIDEMARK_MODEL_PROFILE") && { profile: path.resolve(set("TIDEMARK_MODEL_PROFILE")!) }),
  };
  const isDisabled = isTrue(env["TIDEMARK_DISABLED"]) || isTrue(env["OTEL_SDK_DISABLED"]);
  return {
    ...(isDisabled && { isDisabled }),
    ...(libraries !== undefined && { libraries: toLibraries(libraries, problems) }),
    ...(probability !== undefined && { sampling: { probability } }),
    ...(set("TIDEMARK_METRICS_ENDPOINT") && { metricsEndpoint: set("TIDEMARK_METRICS_ENDPOINT")! }),
    ...(set("TIDEMARK_PROCESSOR_URL") && { processor: set("TIDEMARK_PROCESSOR_URL")! }),
    ...(set("TIDEMARK_PROCESSOR_HEADERS") && { processorHeaders: parsePairs(set("TIDEMARK_PROCESSOR_HEADERS")) }),
    ...(set("TIDEMARK_PROFILE_CACHE") && { profileCache: path.resolve(set("TIDEMARK_PROFILE_CACHE")!) }),
    ...(set("TIDEMARK_HASH_KEY_FILE") && { hashKeyFile: path.resolve(set("TIDEMARK_HASH_KEY_FILE")!) }),
    model: Object.keys(model).length === 0 ? null : model,
  };
}

function isTrue(value: string | undefined): boolean {
  return value?.trim().toLowerCase() === "true";
}

function toProbability(given: string, problems: string[]): number | undefined {
  const probability = Number(given);
  if (probability > 0 && probability <= 1) return probability;
  problems.push(`TIDEMARK_SAMPLING_PROBABILITY is ${JSON.stringify(given)}, expected a number above 0 and at most 1`);
  return undefined;
}

function toLibraries(given: string, problems: string[]): ReadonlySet<LibraryName> {
  const names = given.split(",").map((name) => name.trim());
  const known = new Set<LibraryName>();
  for (const name of names.filter((name) => name !== "" && name !== "none")) {
    if ((LIBRARY_NAMES as readonly string[]).includes(name)) known.add(name as LibraryName);
    else {
      const nearest = nearestName(name, LIBRARY_NAMES);
      const hint = nearest === null ? `expected some of ${LIBRARY_NAMES.join(", ")}` : `did you mean ${nearest}?`;
      problems.push(`TIDEMARK_LIBRARIES names ${JSON.stringify(name)}; ${hint}`);
    }
  }
  return known;
}

function warnOfSlips(env: Environment, problems: string[]): void {
  for (const name of Object.keys(env)) {
    if (!name.startsWith("TIDEMARK_") || (VARIABLES as readonly string[]).includes(name)) continue;
    const nearest = nearestName(name, VARIABLES);
    if (nearest !== null) problems.push(`${name} is not a variable of ours; did you mean ${nearest}?`);
  }
}
