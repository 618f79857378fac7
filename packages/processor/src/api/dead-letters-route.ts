import type { DeadLetters } from "../pipeline/dead-letters.ts";
import { jsonAnswer } from "../receive/answer.ts";
import { parseQuery, querySchemas } from "./query-schemas.ts";
import type { Route } from "./routes.ts";

/** What could not be taken, for whoever mends the sender. */
export function deadLettersRoute(deadLetters: DeadLetters): Route {
  return {
    method: "GET",
    path: "/v1/dead-letters",
    summary: "Records and requests that could not be taken: why, and their shape without their values.",
    scope: "read",
    query: querySchemas.deadLetters,
    answer: async ({ query, principal }) => {
      const letters = await deadLetters.list(principal.tenant, parseQuery(querySchemas.deadLetters, query));
      return jsonAnswer(200, { deadLetters: letters, dropped: deadLetters.dropped(principal.tenant) });
    },
  };
}
