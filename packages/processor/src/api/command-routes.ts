import { nearestName } from "@tidemark/semconv";
import { z } from "zod";
import { type Answer, jsonAnswer } from "../receive/answer.ts";
import type { IngestResult } from "../receive/otlp-endpoint.ts";
import { type BodyIntake, parseJson, withBody } from "./command-body.ts";
import { inRequestTerms, parseOutcomes } from "./outcome-requests.ts";
import { querySchemas } from "./query-schemas.ts";
import { RequestError } from "./request-error.ts";
import type { Route, RouteCall } from "./routes.ts";

export interface CommandOptions {
  readonly intake: BodyIntake;
  /** Largest body of outcomes, on the wire and unpacked: it becomes values, checked outcomes and OTLP. */
  readonly outcomeBytes: number;
  readonly now: () => number;
  readonly ingestOutcomes: (otlp: Uint8Array, tenant: string) => Promise<IngestResult>;
  /** Names of the models that a tenant's outcomes may be about. */
  readonly modelNames: (tenant: string) => readonly string[];
  /** Counts outcomes that could not be read, so that they are told with those that the decoder refuses. */
  readonly countMalformed: (tenant: string, count: number) => void;
  /** Closes every window and resolves with the number judged; null where the processor runs live. */
  readonly finishReplay: (() => Promise<number>) | null;
}

const replayBody = z.strictObject({ finish: z.literal(true) });

/** The paths that change something. */
export function commandRoutes(options: CommandOptions): Route[] {
  return [
    {
      method: "POST",
      path: "/v1/outcomes",
      summary: "Outcomes as a JSON array or JSON lines: model, id, label or value, time.",
      scope: "ingest",
      query: querySchemas.none,
      answer: (call) => takeOutcomes(call, options),
    },
    {
      method: "POST",
      path: "/v1/replay",
      summary: 'A replay has ended ({"finish": true}): closes every window, answers when all are judged.',
      scope: "act",
      query: querySchemas.none,
      answer: (call) => endReplay(call, options),
    },
  ];
}

function takeOutcomes(call: RouteCall, options: CommandOptions): Promise<Answer> {
  const limits = { maxRequestBytes: options.outcomeBytes, maxDecodedBytes: options.outcomeBytes };
  return withBody(call, { ...options.intake, limits }, (body) => storeOutcomes(body, call, options));
}

async function storeOutcomes(body: Uint8Array, call: RouteCall, options: CommandOptions): Promise<Answer> {
  const { tenant } = call.principal;
  const { otlp, count, places, models, malformed } = parseOutcomes(body, options.now());
  const result = await options.ingestOutcomes(otlp, tenant);
  if (result.kind === "busy" || result.kind === "failed") {
    const fix = "Send the outcomes again in a second.";
    throw new RequestError(503, "storeBusy", result.message, fix, { "retry-after": "1" });
  }
  if (result.kind === "undecodable") throw new RequestError(400, "requestInvalid", result.message);
  const refused = result.rejections.reduce((sum, { count }) => sum + count, 0);
  const foreign = count - result.accepted - refused;
  const rejected = [
    ...result.rejections.map(({ reason, count, example, first }) => ({
      ...{ reason, count },
      example: `outcome ${places[first]}: ${inRequestTerms(example)}`,
    })),
    ...(foreign > 0 ? [unknownModel(foreign, models, options.modelNames(tenant))] : []),
    ...(malformed === null ? [] : [{ reason: "malformed", ...malformed }]),
  ];
  options.countMalformed(tenant, malformed?.count ?? 0);
  return jsonAnswer(200, { accepted: result.accepted, rejected });
}

function unknownModel(count: number, named: readonly string[], known: readonly string[]) {
  const name = named.find((each) => each !== "" && !known.includes(each))?.slice(0, 40) ?? "";
  const nearest = nearestName(name, known);
  const advice = nearest === null ? "" : `; did you mean "${nearest}"?`;
  return { reason: "unknown_model", count, example: `model is "${name}", which is not in the configuration${advice}` };
}

async function endReplay(call: RouteCall, options: CommandOptions): Promise<Answer> {
  const body = await withBody(call, options.intake, async (bytes) => replayBody.safeParse(parseJson(bytes)));
  if (!body.success) throw new RequestError(400, "requestInvalid", 'expected the body {"finish": true}');
  if (options.finishReplay === null) {
    const fix = "Start the processor with clock.mode: replay.";
    throw new RequestError(409, "requestInvalid", "the processor runs in live time; there is no replay to end", fix);
  }
  return jsonAnswer(200, { judged: await options.finishReplay() });
}
