import { TidemarkError } from "@tidemark/semconv";
import type { KafkaStatus } from "../kafka/consume-topics.ts";
import { type Answer, jsonAnswer } from "../receive/answer.ts";
import { within } from "../within.ts";
import { querySchemas } from "./query-schemas.ts";
import type { Route } from "./routes.ts";

export interface HealthOptions {
  readonly metricsText: (tenant: string) => { readonly contentType: string; readonly body: string };
  /** Resolves where the store answers. */
  readonly checkStore: () => Promise<unknown>;
  /** Null where no topics are read. It never makes the processor not ready: its ports and its API go on without a broker. */
  readonly kafka: () => KafkaStatus | null;
  /** Why the store does not answer, for the log. */
  readonly onStoreFailure: (error: unknown) => void;
  /** Whether the process is about to end. */
  readonly isDraining: () => boolean;
  /** A clock, in milliseconds. */
  readonly now: () => number;
}

/** The probes of deploy/kubernetes wait three seconds; a store that takes longer is not ready. */
const CHECK_WITHIN_MS = 2_500;

/** Anybody may ask, and each look writes to the disk: answers that come within this time share one. */
const LOOK_EVERY_MS = 1_000;

/** What orchestrators and Prometheus ask for. */
export function healthRoutes({
  metricsText,
  checkStore,
  kafka,
  onStoreFailure,
  isDraining,
  now,
}: HealthOptions): Route[] {
  let look: { readonly atMs: number; readonly answer: Promise<Answer> } | null = null;
  let isLooking = false;
  /** Never more than one at a time: one that hangs with the store would otherwise leave a query behind for each that asks. */
  const lookAtStore = (): Promise<Answer> => {
    if (look !== null && (isLooking || now() - look.atMs < LOOK_EVERY_MS)) return look.answer;
    isLooking = true;
    const answer = checkStore()
      .then(
        (store) => jsonAnswer(200, { status: "ready", store, ...(kafka() === null ? {} : { kafka: kafka() }) }),
        // Anybody may ask: what the engine says is for the log.
        (error: unknown) => {
          onStoreFailure(error);
          return notReady(error instanceof TidemarkError ? error.message : "the store fails; the log says why");
        },
      )
      .finally(() => {
        isLooking = false;
      });
    look = { atMs: now(), answer };
    return answer;
  };
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
      summary: "200 while the store answers and takes records; 503 otherwise, and before the process ends.",
      scope: null,
      query: querySchemas.none,
      answer: async () => {
        if (isDraining()) return notReady("the processor is about to stop");
        return within(lookAtStore(), CHECK_WITHIN_MS, () =>
          notReady(`the store has not answered for ${CHECK_WITHIN_MS / 1_000} s`),
        );
      },
    },
  ];
}

function notReady(reason: string): Answer {
  return jsonAnswer(503, { status: "not_ready", reason });
}
