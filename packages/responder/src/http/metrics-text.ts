import { metrics, prometheusLabel, prometheusName } from "@tidemark/semconv";
import type { EngineParts } from "../engine/engine-parts.ts";
import type { Canary } from "../watch/start-canary.ts";
import type { WebhookCounts } from "./webhook-counts.ts";

type Labels = Readonly<Record<string, string>>;

export interface MetricsOptions {
  readonly counts: WebhookCounts;
  readonly canary: Canary | null;
  readonly isHolder: boolean;
}

/** What the responder tells of itself, in Prometheus' text format. */
export function metricsText({ state, now }: EngineParts, { counts, canary, isHolder }: MetricsOptions): string {
  const heartbeatMs = state.heartbeatMs();
  const cases = state.cases.list({ open: true });
  const executions = countBy(
    state.actions.list().filter(({ endedMs }) => endedMs !== null),
    ({ rung, status }) => JSON.stringify([rung, status]),
  );
  return [
    ...family(
      metrics.alertActive,
      [...countBy(cases, ({ model, severity }) => JSON.stringify([model, severity]))].map(([key, value]) => {
        const [model = "", severity = ""] = JSON.parse(key) as string[];
        return [{ [prometheusLabel("ml.model.name")]: model, severity }, value];
      }),
    ),
    ...family(
      metrics.actionExecutions,
      [...executions].map(([key, value]) => {
        const [type = "", result = ""] = JSON.parse(key) as string[];
        return [{ type, result }, value];
      }),
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
