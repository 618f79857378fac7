import type { IncomingMessage } from "node:http";
import { TidemarkError } from "@tidemark/semconv";
import { type Access, callerOf } from "../access/access.ts";
import type { AuditEvent } from "../access/audit-log.ts";
import type { Principal } from "../access/principal.ts";
import { type Answer, errorAnswer } from "../receive/answer.ts";
import type { Handler } from "../receive/http-server.ts";
import { parseQuery } from "./query-schemas.ts";
import { RequestError } from "./request-error.ts";
import type { Route, RouteCall } from "./routes.ts";

/** Paths are relative; only the path and the query of the result count. */
const BASE = "http://localhost";
const NO_STORE = { "cache-control": "no-store" };
const ANYONE: Principal = { name: "anyone", tenant: "", scopes: new Set() };

export interface RouterOptions {
  readonly routes: readonly Route[];
  readonly access: Access;
  /** Is told of every request that may have changed something, once it is answered. */
  readonly audit: (event: AuditEvent) => void;
}

/**
 * Finds the route of a request, asks whether the caller may take it, answers wrong methods and parameters, and turns
 * refusals into their status. Where nothing is served is told only to who may read.
 */
export function createRouter(options: RouterOptions): Handler {
  return async (request) => {
    try {
      const answer = await route(options, request, urlOf(request));
      return { ...answer, headers: { ...NO_STORE, ...answer.headers } };
    } catch (error) {
      if (error instanceof RequestError) {
        return errorAnswer(error.status, error.error, { ...NO_STORE, ...error.headers });
      }
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

async function route({ routes, access, audit }: RouterOptions, request: IncomingMessage, url: URL): Promise<Answer> {
  const matches = routes.flatMap((candidate) => {
    const id = matchPath(candidate.path, url.pathname);
    return id === null ? [] : [{ candidate, id }];
  });
  const method = request.method === "HEAD" ? "GET" : request.method;
  const match = matches.find(({ candidate }) => candidate.method === method);
  const scope = match === undefined ? "read" : match.candidate.scope;
  const principal = scope === null ? ANYONE : allowed(access, request, scope);
  if (matches.length === 0) throw new RequestError(404, "notFound", `nothing is served at ${url.pathname}`);
  if (match === undefined) {
    const methods = matches.map(({ candidate }) => candidate.method).join(", ");
    throw new RequestError(405, "requestInvalid", `${url.pathname} takes ${methods}, found ${request.method}`);
  }
  parseQuery(match.candidate.query, url.searchParams);
  let noted: Readonly<Record<string, unknown>> = {};
  const note: RouteCall["note"] = (detail) => {
    noted = detail;
  };
  const { name: actor, tenant } = principal;
  const action = `${method} ${match.candidate.path}`;
  // What is ingested is counted, not audited.
  const isAudited = method !== "GET" && scope !== "ingest";
  try {
    const answer = await match.candidate.answer({ request, query: url.searchParams, id: match.id, principal, note });
    if (isAudited) audit({ actor, tenant, action, detail: { status: answer.status, ...noted } });
    return answer;
  } catch (error) {
    // What was refused changed nothing; what failed may have changed a part.
    if (isAudited && !(error instanceof RequestError))
      audit({ actor, tenant, action, detail: { failed: true, ...noted } });
    throw error;
  }
}

function allowed(access: Access, request: IncomingMessage, scope: Parameters<Access["authorize"]>[1]): Principal {
  const result = access.authorize(callerOf(request), scope);
  if (result.kind === "allowed") return result.principal;
  const headers = result.challenge === undefined ? {} : { "www-authenticate": result.challenge };
  throw new RequestError(result.status, "accessDenied", result.message, undefined, headers);
}

/** The part that stands for `{...}`, decoded; empty for a path without one; null where the path does not match. */
function matchPath(pattern: string, path: string): string | null {
  const brace = pattern.indexOf("{");
  if (brace < 0) return pattern === path ? "" : null;
  const rest = path.startsWith(pattern.slice(0, brace)) ? path.slice(brace) : "";
  return rest === "" || rest.includes("/") ? null : decodeURIComponent(rest);
}
