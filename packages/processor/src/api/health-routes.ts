import { jsonAnswer } from "../receive/answer.ts";
import { querySchemas } from "./query-schemas.ts";
import type { Route } from "./routes.ts";

export interface HealthOptions {
  readonly metricsText: (tenant: string) => { readonly contentType: string; readonly body: string };
  /** Resolves where the store answers. */
  readonly checkStore: () => Promise<unknown>;
}

/** What orchestrators and Prometheus ask for. */
export function healthRoutes({ metricsText, checkStore }: HealthOptions): Route[] {
  return [
    {
      method: "GET",
      path: "/metrics",
      summary: "The newest judged windows and the processor's own health in Prometheus' text format.",
      scope: "read",
      query: querySchemas.none,
      answer: async ({ principal }) => ({ status: 200, ...metricsText(principal.tenant) }),
    },
    {
      method: "GET",
      path: "/healthz",
      summary: "200 while the process runs.",
      scope: null,
      query: querySchemas.none,
      answer: async () => jsonAnswer(200, { status: "ok" }),
    },
    {
      method: "GET",
      path: "/readyz",
      summary: "200 while the store answers and takes records; 503 otherwise.",
      scope: null,
      query: querySchemas.none,
      answer: async () => {
        try {
          return jsonAnswer(200, { status: "ready", store: await checkStore() });
        } catch (error) {
          return jsonAnswer(503, { status: "not_ready", reason: (error as Error).message });
        }
      },
    },
  ];
}
