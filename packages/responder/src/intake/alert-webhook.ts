import { z } from "zod";

/** One alert of a webhook, of which only what is used is kept. */
export interface AlertUpdate {
  readonly fingerprint: string;
  readonly isFiring: boolean;
  readonly startsMs: number;
  readonly endsMs: number | null;
  readonly name: string;
  readonly severity: string;
  readonly model: string;
  readonly version: string;
  readonly signal: string;
  readonly target: string;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface WebhookContent {
  readonly updates: readonly AlertUpdate[];
  /** What could not be taken, and why, a line each. */
  readonly refused: readonly string[];
  /** The alert that always fires was among them: alerting works. */
  readonly isHeartbeat: boolean;
}

const MAX_ALERTS = 1_000;
const FUTURE_MS = 5 * 60_000;
const PAST_MS = 40 * 86_400_000;
const text = z.string().max(2_048);

const payload = z.object({
  alerts: z
    .array(
      z.object({
        status: z.enum(["firing", "resolved"]),
        labels: z.record(z.string(), text),
        annotations: z.record(z.string(), text).default({}),
        startsAt: z.iso.datetime({ offset: true }),
        endsAt: z.iso.datetime({ offset: true }).optional(),
        fingerprint: z.string().min(1).max(128),
      }),
    )
    .max(MAX_ALERTS),
});

/**
 * Alerts of an Alertmanager webhook (version 4) or of Grafana's, which has the same form. An alert that names no model,
 * has a name that is not expected, or a time that cannot be, is refused by itself; the rest is taken.
 * Throws z.ZodError where the body is no such webhook.
 * @param expected names that are taken; all where it is empty.
 * @param heartbeat name of the alert that always fires and is about nothing; null without one.
 */
export function parseAlertWebhook(
  body: unknown,
  { expected, heartbeat, nowMs }: { expected: readonly string[]; heartbeat: string | null; nowMs: number },
): WebhookContent {
  let isHeartbeat = false;
  const updates: AlertUpdate[] = [];
  const refused: string[] = [];
  for (const { status, labels, annotations, startsAt, endsAt, fingerprint } of payload.parse(body).alerts) {
    const name = labels["alertname"] ?? "";
    const model = labels["ml_model_name"] ?? "";
    const startsMs = Date.parse(startsAt);
    if (name === heartbeat) {
      isHeartbeat ||= status === "firing";
      continue;
    }
    const refusal = refusalOf({ name, model, startsMs, expected, nowMs });
    if (refusal !== null) {
      refused.push(refusal);
      continue;
    }
    const endsMs = endsAt === undefined ? Number.NaN : Date.parse(endsAt);
    updates.push({
      fingerprint,
      isFiring: status === "firing",
      startsMs,
      endsMs: status === "resolved" && endsMs >= startsMs ? endsMs : null,
      name,
      severity: labels["severity"] ?? "warning",
      model,
      version: labels["ml_model_version"] ?? "",
      signal: labels["ml_monitor_signal"] ?? "service",
      target: labels["ml_monitor_target"] ?? labels["ml_feature_name"] ?? model,
      annotations,
    });
  }
  return { updates, refused, isHeartbeat };
}

interface Checked {
  readonly name: string;
  readonly model: string;
  readonly startsMs: number;
  readonly expected: readonly string[];
  readonly nowMs: number;
}

function refusalOf({ name, model, startsMs, expected, nowMs }: Checked): string | null {
  if (name === "") return "an alert without a name";
  if (expected.length > 0 && !expected.includes(name)) return `${name}: not one of the alerts that are expected`;
  if (model === "") return `${name}: it names no model (label ml_model_name)`;
  if (startsMs > nowMs + FUTURE_MS) return `${name}: it starts in the future`;
  if (startsMs < nowMs - PAST_MS) return `${name}: it started more than 40 days ago`;
  return null;
}
