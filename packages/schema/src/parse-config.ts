import { nearestName } from "@tidemark/semconv";
import type { z } from "zod";
import { type Config, configSchema } from "./config.ts";
import { type ResponderConfig, responderConfigSchema } from "./responder-config.ts";

/** One thing wrong in a configuration: where, what was found, what was expected, and what to do. */
export interface ConfigProblem {
  /** Path from the root, as a person writes it: `models[0].windows[1]`. */
  readonly path: string;
  readonly message: string;
  /** The nearest valid name where a key does not exist; null otherwise. */
  readonly nearest: string | null;
}

export type ConfigResult<T = Config> =
  | { readonly ok: true; readonly config: T }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

/** Checks the parsed content of a tidemark.yaml. Never throws: every problem is returned with its path and a fix. */
export function parseConfig(value: unknown): ConfigResult {
  return parseWith(configSchema, value);
}

/** Checks the parsed content of a responder.yaml, in the same way. */
export function parseResponderConfig(value: unknown): ConfigResult<ResponderConfig> {
  return parseWith(responderConfigSchema, value);
}

function parseWith<T>(schema: z.ZodType<T>, value: unknown): ConfigResult<T> {
  const result = schema.safeParse(value);
  if (result.success) return { ok: true, config: result.data };
  return { ok: false, problems: result.error.issues.flatMap((issue) => problemsOf(issue, value, schema)) };
}

function problemsOf(issue: z.core.$ZodIssue, root: unknown, schema: z.ZodType): ConfigProblem[] {
  const path = pathText(issue.path);
  if (issue.code === "unrecognized_keys") {
    const valid = validKeys(issue.path, schema);
    return issue.keys.map((key) => ({
      path: path === "" ? key : `${path}.${key}`,
      message: `unknown key "${key}"; valid here: ${valid.join(", ")}`,
      nearest: nearestName(key, valid),
    }));
  }
  const found = valueAt(root, issue.path);
  const message =
    found === undefined
      ? `missing; ${issue.message}`
      : `${issue.message}; found ${withoutCredentials(JSON.stringify(found))}`;
  return [{ path: path === "" ? "(the whole file)" : path, message, nearest: null }];
}

/** An address may hold a password, which must not get into a log by way of an error. */
function withoutCredentials(text: string): string {
  return text.replaceAll(/:\/\/[^/"]*@/g, "://...@");
}

function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    return text === "" ? String(part) : `${text}.${String(part)}`;
  }, "");
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, part) =>
      typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[part] : undefined,
    root,
  );
}

/** The keys of the object schema at a path, found by walking through defaults, arrays and optionals. */
function validKeys(path: readonly PropertyKey[], root: z.ZodType): string[] {
  let schema: unknown = root;
  for (const part of path) {
    const inner = unwrap(schema);
    schema = typeof part === "number" ? inner.element : inner.shape?.[String(part)];
  }
  return Object.keys(unwrap(schema).shape ?? {});
}

interface SchemaParts {
  readonly shape?: Record<string, unknown>;
  readonly element?: unknown;
}

interface WrappedSchema extends SchemaParts {
  readonly def?: { readonly innerType?: unknown; readonly in?: unknown; readonly options?: readonly WrappedSchema[] };
}

function unwrap(schema: unknown): SchemaParts {
  let inner = schema as WrappedSchema;
  for (let next: unknown = inner; next !== undefined; ) {
    inner = next as WrappedSchema;
    // Of a union the object: only it has keys.
    next = inner?.def?.innerType ?? inner?.def?.in ?? inner?.def?.options?.find(({ shape }) => shape !== undefined);
  }
  return inner;
}
