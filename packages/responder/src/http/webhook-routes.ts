import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { z } from "zod";
import type { EngineParts } from "../engine/engine-parts.ts";
import { parseAlertWebhook } from "../intake/alert-webhook.ts";
import { isEqual, signatureProblem } from "../intake/check-signature.ts";
import { takeAlerts } from "../intake/take-alerts.ts";
import { noteHeartbeat } from "../watch/heartbeat.ts";
import type { Refusals } from "./refusals.ts";
import type { WebhookCounts } from "./webhook-counts.ts";

export interface WebhookOptions {
  readonly parts: EngineParts;
  /** Bearer token, and key of signatures. */
  readonly secret: string;
  readonly counts: WebhookCounts;
  readonly refusals: Refusals;
  /** Something came: look at it soon. */
  readonly wake: () => void;
}

const MAX_BYTES = 4 * 1024 * 1024;
const REMEMBER_MS = 3_600_000;
const REPLAYED = "the request has been taken before";
const SOURCES = ["alertmanager", "grafana", "tidemark"] as const;

/**
 * `POST /webhooks/{alertmanager,grafana,tidemark}`: alerts in. A sender shows the bearer token, or signs the body; a
 * signature is good once and for five minutes. What is refused is counted and on the audit log.
 */
export function webhookRoutes({ parts, secret, counts, refusals, wake }: WebhookOptions): Hono {
  const { state, config, now } = parts;
  const app = new Hono();
  const refuse = (source: string, reason: string): void => {
    counts.add(source, "refused");
    refusals.note({ actor: source, kind: "webhook.refused", subject: source, detail: { reason } });
  };

  for (const source of SOURCES) {
    app.post(`/webhooks/${source}`, bodyLimit({ maxSize: MAX_BYTES }), async (context) => {
      const body = await context.req.text();
      const nowMs = now();
      const signature = context.req.header("x-tidemark-signature");
      const problem =
        signature === undefined
          ? tokenProblem(context.req.header("authorization"), secret)
          : signatureProblem(signature, { secret, body, nowMs });
      if (problem !== null) {
        refuse(source, problem);
        return context.json({ error: problem }, 401);
      }
      const content = readAlerts(body, nowMs);
      if (typeof content === "string") {
        refuse(source, content);
        return context.json({ error: content }, 400);
      }
      // Remembered only with what it brought: where that fails, the sender's next try is no replay.
      const taken = state.database.transaction(() => {
        if (signature !== undefined && isReplay(signature, nowMs)) return null;
        if (content.isHeartbeat) noteHeartbeat(parts);
        return takeAlerts(state, content.updates, source, nowMs);
      });
      if (taken === null) {
        refuse(source, REPLAYED);
        return context.json({ error: REPLAYED }, 401);
      }
      for (const reason of content.refused) refuse(source, reason);
      counts.add(source, "accepted");
      if (taken.changed > 0) wake();
      return context.json({ ...taken, refused: content.refused });
    });
  }
  return app;

  function readAlerts(body: string, nowMs: number) {
    try {
      const heartbeat = config.watch.heartbeat?.alert ?? null;
      return parseAlertWebhook(JSON.parse(body), { expected: config.alerts, heartbeat, nowMs });
    } catch (error) {
      return error instanceof z.ZodError ? z.prettifyError(error) : `the body is not JSON: ${(error as Error).message}`;
    }
  }

  /** A signature that was seen before is a replayed request. */
  function isReplay(signature: string, nowMs: number): boolean {
    const { database } = state;
    database.run("DELETE FROM delivery WHERE at < :before", { before: nowMs - REMEMBER_MS });
    const isNew = database.run("INSERT OR IGNORE INTO delivery (id, at) VALUES (:id, :at)", {
      id: signature,
      at: nowMs,
    });
    return isNew === 0;
  }
}

function tokenProblem(authorization: string | undefined, secret: string): string | null {
  if (authorization === undefined) return "neither a bearer token nor a signature";
  return isEqual(authorization, `Bearer ${secret}`) ? null : "the bearer token is wrong";
}
