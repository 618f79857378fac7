import { type Answer, jsonAnswer } from "../receive/answer.ts";
import { querySchemas } from "./query-schemas.ts";
import type { ReadApi, ReadApiOf } from "./read-api.ts";
import type { Route } from "./routes.ts";

/** A page made from the read API when it is asked for. */
export type Page = (api: ReadApi) => Promise<{ readonly contentType: string; readonly body: string }>;

/** Pages by path; where none is at `/`, that lists the paths there are. */
export function pageRoutes(pages: Readonly<Record<string, Page>>, apiOf: ReadApiOf, routes: readonly Route[]): Route[] {
  const made = Object.entries(pages).map(
    ([path, page]): Route => ({
      method: "GET",
      path,
      summary: "A page for people.",
      scope: "read",
      query: querySchemas.none,
      answer: async ({ principal }): Promise<Answer> => ({ status: 200, ...(await page(apiOf(principal.tenant))) }),
    }),
  );
  if ("/" in pages) return made;
  const listing = [...routes, ...made].map(({ method, path, summary }) => ({ method, path, summary }));
  const index: Route = {
    method: "GET",
    path: "/",
    summary: "This list.",
    scope: "read",
    query: querySchemas.none,
    answer: async () => jsonAnswer(200, { service: "tidemark processor", paths: listing }),
  };
  return [...made, index];
}
