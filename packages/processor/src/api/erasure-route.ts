import { z } from "zod";
import { jsonAnswer } from "../receive/answer.ts";
import type { Erased } from "../store/erase-ids.ts";
import { type BodyIntake, parseJson, withBody } from "./command-body.ts";
import { querySchemas } from "./query-schemas.ts";
import { RequestError } from "./request-error.ts";
import type { Route } from "./routes.ts";

export interface ErasureOptions {
  readonly intake: BodyIntake;
  readonly erase: (key: { tenant: string; model: string }, ids: readonly string[]) => Promise<Erased>;
}

const MAX_IDS = 1_000;

const erasureBody = z.strictObject({
  model: z.string().min(1),
  ids: z.array(z.string().min(1).max(256)).min(1).max(MAX_IDS),
});

/** Removes predictions and outcomes by id, for those who may ask to be forgotten. */
export function erasureRoute({ intake, erase }: ErasureOptions): Route {
  return {
    method: "POST",
    path: "/v1/erasures",
    summary: 'Removes all predictions and outcomes with the ids ({"model": ..., "ids": [...]}), from the disk too.',
    scope: "act",
    query: querySchemas.none,
    answer: async (call) => {
      const body = await withBody(call, intake, async (bytes) => erasureBody.safeParse(parseJson(bytes)));
      if (!body.success) {
        const fix = `Send {"model": "flight-delay", "ids": ["0190..."]} with at most ${MAX_IDS} ids.`;
        throw new RequestError(400, "requestInvalid", body.error.issues[0]!.message, fix);
      }
      const { model, ids } = body.data;
      // Whose rows went is what must not be kept: the log has their number.
      call.note({ model, ids: ids.length });
      const erased = await erase({ tenant: call.principal.tenant, model }, ids);
      call.note({ model, ids: ids.length, ...erased });
      return jsonAnswer(200, erased);
    },
  };
}
