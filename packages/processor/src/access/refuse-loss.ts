import type { Config } from "@tidemark/schema";
import { TidemarkError } from "@tidemark/semconv";
import type { AuditLog } from "./audit-log.ts";

/** What a start notes of the configuration, so that the next one can tell what a change would lose. */
export interface StartDetail {
  readonly [key: string]: unknown;
  /** Content hash of the whole configuration. */
  readonly config: string;
  /** `tenant/name` of every model. */
  readonly models: readonly string[];
  readonly retentionMs: number;
}

const STARTED = "processor.started";

/**
 * Throws TidemarkError `configLosesData` where the configuration lacks a model that the last start had, or keeps records
 * for a shorter time, unless that is meant.
 */
export function refuseLoss(audit: AuditLog, next: StartDetail, isMeant: boolean): void {
  const last = audit.read(Number.POSITIVE_INFINITY).entries.findLast(({ action }) => action === STARTED);
  if (last === undefined || isMeant) return;
  const { models, retentionMs } = last.detail as unknown as StartDetail;
  const losses = [
    ...models
      .filter((name) => !next.models.includes(name))
      .map((name) => `the model ${name} is gone: what is sent of it will be ignored, and its windows stay unjudged`),
    ...(next.retentionMs < retentionMs
      ? [`records will be removed after ${days(next.retentionMs)} days; they were kept for ${days(retentionMs)}`]
      : []),
  ];
  if (losses.length > 0) throw new TidemarkError("configLosesData", losses.join("; "));
}

function days(ms: number): number {
  return ms / 86_400_000;
}

export function startDetail(config: Config, hash: string): StartDetail {
  return {
    config: hash,
    models: config.models.map(({ tenant, name }) => `${tenant}/${name}`),
    retentionMs: config.store.retention,
  };
}

/** Notes the start on the audit log. */
export function auditStart(audit: AuditLog, detail: StartDetail): void {
  audit.append({ actor: "processor", tenant: "", action: STARTED, detail });
}
