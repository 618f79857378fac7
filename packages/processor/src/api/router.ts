import type { IncomingMessage } from "node:http";
import { TidemarkError } from "@tidemark/semconv";
import { type Answer, errorAnswer } from "../receive/answer.ts";
import type { Handler } from "../receive/http-server.ts";
import { parseQuery } from "./query-schemas.ts";
import { RequestError } from "./request-error.ts";
import type { Route } from "./routes.ts";

/** Paths are relative; only the path and the query of the result count. */
const BASE = "http://localhost";
const NO_STORE = { "cache-control": "no-store" };

/** Finds the route of a request, answers wrong methods and parameters, and turns refusals into their status. */
export function createRouter(routes: readonly Route[]): Handler {
  return async (request) => {
    try {
      const answer = await route(routes, request, urlOf(request));
      return { ...answer, headers: { ...NO_STORE, ...answer.headers } };
    } catch (error) {
      if (error instanceof RequestError) return errorAnswer(error.status, error.error, NO_STORE);
      if (error instanceof URIError) {
        return errorAnswer(
          400,
          new TidemarkError("requestInvalid", "the path is not valid percent-encoding"),
          NO_STORE,
        );
      }
      throw error;
    }
  };
}

function urlOf({ url = "/" }: IncomingMessage): URL {
  if (!URL.canParse(url, BASE)) throw new RequestError(400, "requestInvalid", `"${url}" is not a URL`);
  return new URL(url, BASE);
}

async function route(routes: readonly Route[], request: IncomingMessage, url: URL): Promise<Answer> {
  const matches = routes.flatMap((candidate) => {
    const id = matchPath(candidate.path, url.pathname);
    return id === null ? [] : [{ candidate, id }];
  });
  if (matches.length === 0) throw new RequestError(404, "notFound", `nothing is served at ${url.pathname}`);
  const method = request.method === "HEAD" ? "GET" : request.method;
  const match = matches.find(({ candidate }) => candidate.method === method);
  if (match === undefined) {
    const allowed = matches.map(({ candidate }) => candidate.method).join(", ");
    throw new RequestError(405, "requestInvalid", `${url.pathname} takes ${allowed}, found ${request.method}`);
  }
  parseQuery(match.candidate.query, url.searchParams);
  return match.candidate.answer({ request, query: url.searchParams, id: match.id });
}

/** The part that stands for `{...}`, decoded; empty for a path without one; null where the path does not match. */
function matchPath(pattern: string, path: string): string | null {
  const brace = pattern.indexOf("{");
  if (brace < 0) return pattern === path ? "" : null;
  const rest = path.startsWith(pattern.slice(0, brace)) ? path.slice(brace) : "";
  return rest === "" || rest.includes("/") ? null : decodeURIComponent(rest);
}
