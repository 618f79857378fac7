import { readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { describeValue } from "../safety/warn.ts";
import { type AutoConfig, LIBRARY_NAMES, type LibraryName, type ModelConfig } from "./auto-config.ts";
import { checkConfigFile } from "./config-file.ts";
import { readEnvironment } from "./read-environment.ts";

/** A configuration and what was wrong with it; whatever was unusable has its default. */
export interface ReadConfig {
  readonly config: AutoConfig;
  readonly problems: readonly string[];
}

const DEFAULTS: AutoConfig = {
  isDisabled: false,
  libraries: new Set<LibraryName>(LIBRARY_NAMES),
  metricsEndpoint: null,
  processor: null,
  processorHeaders: {},
  profileCache: null,
  sampling: {},
  hashKeyFile: null,
  temporality: "cumulative",
  models: [],
};

/**
 * The configuration from environment variables over that of the file which TIDEMARK_CONFIG names, over the defaults.
 * Never throws.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): ReadConfig {
  const problems: string[] = [];
  const file = env["TIDEMARK_CONFIG"] ? readConfigFile(env["TIDEMARK_CONFIG"], problems) : {};
  const { model, sampling, ...fromEnvironment } = readEnvironment(env, problems);
  const models = file.models ?? [];
  return {
    config: {
      ...DEFAULTS,
      ...file,
      ...fromEnvironment,
      sampling: { ...file.sampling, ...sampling },
      models: model === null ? models : withModel(models, model),
    },
    problems,
  };
}

/** The file's content, checked; nothing where it cannot be read. */
function readConfigFile(file: string, problems: string[]): Partial<AutoConfig> {
  try {
    const found: string[] = [];
    const content = checkConfigFile(parse(readFileSync(file, "utf8")), path.dirname(path.resolve(file)), found);
    problems.push(...found.map((problem) => `${file}: ${problem}`));
    return content;
  } catch (error) {
    problems.push(`${file} cannot be read: ${describeValue(error)}`);
    return {};
  }
}

/** The environment speaks of the only model there is; where the file names several, it does not say which. */
function withModel(models: readonly ModelConfig[], fromEnvironment: Partial<ModelConfig>): readonly ModelConfig[] {
  const empty = checkConfigFile({ models: [{}] }, ".", []).models!;
  return (models.length === 0 ? empty : models).map((model) => ({ ...model, ...fromEnvironment }));
}
