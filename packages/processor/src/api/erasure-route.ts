import { z } from "zod";
import { jsonAnswer } from "../receive/answer.ts";
import type { Erased } from "../store/erase-ids.ts";
import { type BodyIntake, parseJson, withBody } from "./command-body.ts";
import { querySchemas } from "./query-schemas.ts";
import { RequestError } from "./request-error.ts";
import type { Route } from "./routes.ts";
import { unknownModel } from "./unknown-model.ts";

export interface ErasureOptions {
  readonly intake: BodyIntake;
  /** Names of a tenant's models, configured or only stored. */
  readonly listModelNames: (tenant: string) => Promise<readonly string[]>;
  readonly erase: (key: { tenant: string; model: string }, ids: readonly string[]) => Promise<Erased>;
}

const MAX_IDS = 1_000;

const erasureBody = z.strictObject({
  model: z.string().min(1),
  ids: z.array(z.string().min(1).max(256), { error: "expected an array of ids" }).min(1).max(MAX_IDS),
});

/** Removes predictions and outcomes by id, for those who may ask to be forgotten. */
export function erasureRoute({ intake, listModelNames, erase }: ErasureOptions): Route {
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
        const issue = body.error.issues[0]!;
        throw new RequestError(400, "requestInvalid", `${issue.path.join(".") || "the body"}: ${issue.message}`, fix);
      }
      const { model, ids } = body.data;
      const names = await listModelNames(call.principal.tenant);
      if (!names.includes(model)) throw unknownModel(model, names, "nothing was erased; ");
      // Whose rows went is what must not be kept: the log has their number.
      call.note({ model, ids: ids.length });
      const erased = await erase({ tenant: call.principal.tenant, model }, ids);
      call.note({ model, ids: ids.length, ...erased });
      return jsonAnswer(200, erased);
    },
  };
}
