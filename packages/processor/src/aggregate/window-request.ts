import type { Profile } from "@tidemark/schema";
import type { QueryParameters } from "../store/bind-parameters.ts";
import type { ModelKey } from "../store/models.ts";

/** One window of one model version, and what it is counted against. */
export interface WindowRequest {
  readonly key: ModelKey;
  readonly profile: Profile;
  /** [start, end) for records, (start, end] for metric points; Unix milliseconds. */
  readonly window: { readonly name: string; readonly startMs: number; readonly endMs: number };
  /** How long after its prediction an outcome still counts. */
  readonly outcomeHorizonMs: number;
  /** Names of the segments whose rows are told apart. */
  readonly segments: readonly string[];
  /** Forms of features' values that the configuration expects, by name. */
  readonly patterns?: Readonly<Record<string, string>> | undefined;
  /** Rows whose features are looked at together; 0 for none, 2,000 unless given. */
  readonly multivariateRows?: number | undefined;
}

/** Restricts a table to the model version of the request; with `keyParameters`. */
export const KEY_CONDITION =
  "tenant = {tenant:String} AND model = {model:String} AND version = {version:String} AND role = {role:String}";

/** Restricts predictions to the request's window; with `windowParameters`. */
export const WINDOW_CONDITION = `${KEY_CONDITION} AND ts >= ${instant("from")} AND ts < ${instant("to")}`;

/** An SQL instant from a parameter that holds Unix milliseconds. */
export function instant(parameter: string): string {
  return `fromUnixTimestamp64Milli({${parameter}:Int64}, 'UTC')`;
}

export function keyParameters(key: Omit<ModelKey, "role"> & { readonly role: string }): QueryParameters {
  return { tenant: key.tenant, model: key.model, version: key.version, role: key.role };
}

export function windowParameters({ key, window }: Pick<WindowRequest, "key" | "window">): QueryParameters {
  return { ...keyParameters(key), from: window.startMs, to: window.endMs };
}
