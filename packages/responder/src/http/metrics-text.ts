import { attr, metrics, prometheusLabel, prometheusName } from "@tidemark/semconv";
import type { EngineParts } from "../engine/engine-parts.ts";
import type { Canary } from "../watch/start-canary.ts";
import type { WebhookCounts } from "./webhook-counts.ts";

type Labels = Readonly<Record<string, string>>;

export interface MetricsOptions {
  readonly counts: WebhookCounts;
  readonly canary: Canary | null;
  readonly isHolder: boolean;
  /** Names of models are for those who may see them. */
  readonly withModels: boolean;
}

/** What the responder tells of itself, in Prometheus' text format. */
export function metricsText({ state, now }: EngineParts, options: MetricsOptions): string {
  const { counts, canary, isHolder, withModels } = options;
  const heartbeatMs = state.heartbeatMs();
  const cases = state.cases.list({ open: true });
  return [
    ...family(
      metrics.alertActive,
      [...countBy(cases, ({ model, severity }) => JSON.stringify([withModels ? model : "", severity]))].map(
        ([key, value]) => {
          const [model = "", severity = ""] = JSON.parse(key) as string[];
          return [{ ...(withModels ? { [prometheusLabel(attr.modelName)]: model } : {}), severity }, value];
        },
      ),
    ),
    ...family(
      metrics.actionExecutions,
      state.audit.countEnds().map(({ rung, result, count }) => [{ type: rung, result }, count]),
    ),
    ...family(
      metrics.responderRefusals,
      state.audit.countRefusals().map(({ kind, count }) => [{ kind }, count]),
    ),
    ...family(
      metrics.responderWebhooks,
      counts.list().map(({ source, result, count }) => [{ source, result }, count]),
    ),
    ...family(metrics.responderLeader, [[{}, isHolder ? 1 : 0]]),
    ...family(metrics.responderHeartbeatAge, heartbeatMs === null ? [] : [[{}, (now() - heartbeatMs) / 1_000]]),
    ...family(metrics.responderCanaries, [
      [{ result: "arrived" }, canary?.counts.arrived ?? 0],
      [{ result: "lost" }, canary?.counts.lost ?? 0],
    ]),
    ...family(metrics.responderCanaryDuration, canary?.last == null ? [] : [[{}, canary.last.seconds]]),
    "",
  ].join("\n");
}

function family(
  metric: (typeof metrics)[keyof typeof metrics],
  points: readonly (readonly [Labels, number])[],
): string[] {
  const name = prometheusName(metric);
  const type = metric.instrument === "counter" ? "counter" : "gauge";
  const lines = points.map(([labels, value]) => {
    const text = Object.entries(labels)
      .map(
        ([key, label]) => `${key}="${label.replaceAll(/[\\"\n]/g, (char) => (char === "\n" ? "\\n" : `\\${char}`))}"`,
      )
      .join(",");
    return `${name}${text === "" ? "" : `{${text}}`} ${value}`;
  });
  return [`# HELP ${name} ${metric.meaning}`, `# TYPE ${name} ${type}`, ...lines];
}

function countBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return counts;
}
