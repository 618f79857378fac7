import type { Config } from "@tidemark/schema";
import type { AuditLog } from "./audit-log.ts";

/** What a start notes of the configuration, so that the next one can tell what a change would lose. */
export interface StartDetail {
  readonly [key: string]: unknown;
  /** Content hash of the whole configuration. */
  readonly config: string;
  /** `tenant/name` of every model. */
  readonly models: readonly string[];
  readonly retentionMs: number;
  readonly resultRetentionMs: number;
  /** Where each model's predictions are taken from. */
  readonly sources: Readonly<Record<string, string>>;
  /** How long outcomes of each model count. */
  readonly horizonsMs: Readonly<Record<string, number>>;
}

const STARTED = "processor.started";

/**
 * What a configuration would lose against the last start's, a sentence each: a model that is gone or reads another source,
 * records or outcomes that are kept or taken for a shorter time.
 */
export function lossesOf(audit: AuditLog, next: StartDetail): string[] {
  const last = audit.read(Number.POSITIVE_INFINITY).entries.findLast(({ action }) => action === STARTED);
  if (last === undefined) return [];
  const {
    models = [],
    retentionMs,
    resultRetentionMs,
    sources = {},
    horizonsMs = {},
  } = last.detail as unknown as StartDetail;
  const kept = models.filter((name) => next.models.includes(name));
  return [
    ...models
      .filter((name) => !next.models.includes(name))
      .map((name) => `the model ${name} is gone: what is sent of it will be ignored, and its windows stay unjudged`),
    ...kept
      .filter((name) => name in sources && sources[name] !== next.sources[name])
      .map(
        (name) =>
          `predictions of ${name} will be taken from ${next.sources[name]} alone; ${sources[name]} will be ignored`,
      ),
    ...kept
      .filter((name) => name in horizonsMs && next.horizonsMs[name]! < horizonsMs[name]!)
      .map(
        (name) =>
          `outcomes of ${name} will count for ${days(next.horizonsMs[name]!)} days after their prediction; they counted for ${days(horizonsMs[name]!)}`,
      ),
    ...(next.retentionMs < retentionMs
      ? [`records will be removed after ${days(next.retentionMs)} days; they were kept for ${days(retentionMs)}`]
      : []),
    ...(next.resultRetentionMs < resultRetentionMs
      ? [
          `measurements and explanations will be removed after ${days(next.resultRetentionMs)} days; they were kept for ${days(resultRetentionMs)}`,
        ]
      : []),
  ];
}

function days(ms: number): number {
  return ms / 86_400_000;
}

export function startDetail(config: Config, hash: string): StartDetail {
  const named = config.models.map((model) => ({ ...model, id: `${model.tenant}/${model.name}` }));
  return {
    config: hash,
    models: named.map(({ id }) => id),
    retentionMs: config.store.retention,
    resultRetentionMs: config.store.resultRetention,
    sources: Object.fromEntries(named.map(({ id, records }) => [id, records])),
    horizonsMs: Object.fromEntries(named.map(({ id, outcomeHorizon }) => [id, outcomeHorizon])),
  };
}

/** Notes the start on the audit log, and what it was meant to lose. */
export function auditStart(audit: AuditLog, start: StartDetail, losses: readonly string[]): void {
  const detail = losses.length === 0 ? start : { ...start, losses };
  audit.append({ actor: "processor", tenant: "", action: STARTED, detail });
}
