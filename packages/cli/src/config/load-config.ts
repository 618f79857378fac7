import { readFile } from "node:fs/promises";
import path from "node:path";
import {
  type Config,
  type ConfigResult,
  DEFAULT_RESPONDER_STATE,
  parseConfig,
  parseResponderConfig,
  type ResponderConfig,
} from "@tidemark/schema";
import { TidemarkError } from "@tidemark/semconv";
import { parseDocument } from "yaml";

/** A checked configuration and the folder that its relative paths start from. */
export interface LoadedConfig<T = Config> {
  readonly config: T;
  readonly directory: string;
}

/**
 * Reads and checks a tidemark.yaml.
 *
 * Throws TidemarkError: `configUnreadable` when the file is missing or not YAML (with the line), `configUnknownKey` or
 * `configInvalid` with every problem on a line of its own: path, what was expected, what was found, the nearest name.
 */
export function loadConfig(file: string): Promise<LoadedConfig> {
  return load(file, parseConfig);
}

/**
 * Reads and checks a responder.yaml, with the same errors.
 * @param onRefused is told the path of the state file that an invalid one names, and why it is refused, before the error.
 */
export function loadResponderConfig(
  file: string,
  onRefused: (statePath: string, reason: string) => void = () => undefined,
): Promise<LoadedConfig<ResponderConfig>> {
  return load(file, parseResponderConfig, (value, reason) => {
    const named = typeof value === "object" && value !== null && "state" in value ? value.state : undefined;
    const state = typeof named === "string" && named !== "" ? named : DEFAULT_RESPONDER_STATE;
    onRefused(path.resolve(path.dirname(file), state), reason);
  });
}

async function load<T>(
  file: string,
  parse: (value: unknown) => ConfigResult<T>,
  onRefused: (value: unknown, reason: string) => void = () => undefined,
): Promise<LoadedConfig<T>> {
  const document = parseDocument(await readText(file), { prettyErrors: true });
  const [syntaxError] = document.errors;
  if (syntaxError !== undefined)
    throw new TidemarkError("configUnreadable", `${file} is not YAML: ${syntaxError.message}`);
  const value: unknown = document.toJS();
  const result = parse(value);
  if (result.ok) return { config: result.config, directory: path.dirname(path.resolve(file)) };
  const lines = result.problems.map(({ path: where, message, nearest }) =>
    nearest === null ? `  ${where}: ${message}` : `  ${where}: ${message}; did you mean "${nearest}"?`,
  );
  const onlySlips = result.problems.every((problem) => problem.message.startsWith("unknown key"));
  const reason = `${file} is not valid:\n${lines.join("\n")}`;
  onRefused(value, reason);
  throw new TidemarkError(onlySlips ? "configUnknownKey" : "configInvalid", reason);
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new TidemarkError(
      "configUnreadable",
      `cannot read ${file}: ${(cause as NodeJS.ErrnoException).code ?? cause}`,
      { cause },
    );
  }
}
