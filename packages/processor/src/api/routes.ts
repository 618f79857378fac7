import type { IncomingMessage } from "node:http";
import type { Scope } from "@tidemark/schema";
import type { z } from "zod";
import type { Principal } from "../access/principal.ts";
import { type Answer, jsonAnswer } from "../receive/answer.ts";
import { parseQuery, querySchemas } from "./query-schemas.ts";
import type { ReadApiOf } from "./read-api.ts";
import { RequestError } from "./request-error.ts";

const NO_PREDICTION =
  "Check both names. Predictions that were not sampled, were erased or are older than store.retention are not there, and an outcome alone is none.";

export interface RouteCall {
  readonly request: IncomingMessage;
  readonly query: URLSearchParams;
  /** What stood in the place of `{...}` in the path; empty where the path has none. */
  readonly id: string;
  /** Who asks; what is answered belongs to its tenant. */
  readonly principal: Principal;
  /** Says for the audit log what the request is about to change; the last word counts. */
  readonly note: (detail: Readonly<Record<string, unknown>>) => void;
}

/** One path of the API. `GET` answers HEAD too. */
export interface Route {
  readonly method: "GET" | "POST";
  /** `/v1/profiles/{id}`: at most one part in braces, at the end. */
  readonly path: string;
  readonly summary: string;
  /** What the caller's credential must allow; null for what everyone may ask, which tells nothing of any tenant. */
  readonly scope: Scope | null;
  readonly query: z.ZodObject;
  readonly answer: (call: RouteCall) => Promise<Answer>;
}

/** The paths that only read. */
export function readRoutes(apiOf: ReadApiOf): Route[] {
  const { none, measurements, incidents, joinedIncidents, prediction } = querySchemas;
  return [
    {
      method: "GET",
      path: "/v1/models",
      summary: "Model versions with their state.",
      scope: "read",
      query: none,
      answer: async ({ principal }) => jsonAnswer(200, { models: await apiOf(principal.tenant).models() }),
    },
    {
      method: "GET",
      path: "/v1/measurements",
      summary: "Latest revision of each measurement.",
      scope: "read",
      query: measurements,
      answer: async ({ query, principal }) => {
        const { window, kind, from, to, latest, ...rest } = parseQuery(measurements, query);
        const found = await apiOf(principal.tenant).measurements({
          ...withoutUndefined(rest),
          ...withoutUndefined({ windowName: window, targetKind: kind, fromMs: from, toMs: to }),
          latest: latest === "true",
        });
        return jsonAnswer(200, { measurements: found });
      },
    },
    {
      method: "GET",
      path: "/v1/incidents",
      summary: "Runs of windows in which a target was not ok, with the first cause.",
      scope: "read",
      query: incidents,
      answer: async ({ query, principal }) => {
        const { window, ...rest } = parseQuery(incidents, query);
        const filter = { ...withoutUndefined(rest), ...withoutUndefined({ windowName: window }) };
        return jsonAnswer(200, { incidents: await apiOf(principal.tenant).incidents(filter) });
      },
    },
    {
      method: "GET",
      path: "/v1/joined-incidents",
      summary: "Incidents of several models that are taken for one: a shared feature or a common silence, and why.",
      scope: "read",
      query: joinedIncidents,
      answer: async ({ query, principal }) => {
        const { window, model } = parseQuery(joinedIncidents, query);
        const filter = withoutUndefined({ model, windowName: window });
        return jsonAnswer(200, { joinedIncidents: await apiOf(principal.tenant).joinedIncidents(filter) });
      },
    },
    {
      method: "GET",
      path: "/v1/profiles",
      summary: "Stored profiles.",
      scope: "read",
      query: none,
      answer: async ({ principal }) => jsonAnswer(200, { profiles: await apiOf(principal.tenant).profiles() }),
    },
    {
      method: "GET",
      path: "/v1/profiles/{id}",
      summary: "One profile, whole.",
      scope: "read",
      query: none,
      answer: async ({ id, principal }) => {
        const profile = await apiOf(principal.tenant).profile(id);
        if (profile === null) throw new RequestError(404, "notFound", `no profile has the id "${id}"`);
        return jsonAnswer(200, profile);
      },
    },
    {
      method: "GET",
      path: "/v1/predictions/{id}",
      summary: "The predictions with an id, and the outcome where it is known.",
      scope: "read",
      query: prediction,
      answer: async ({ id, query, principal }) => {
        const { model } = parseQuery(prediction, query);
        const predictions = await apiOf(principal.tenant).predictions(model, id);
        if (predictions.length === 0) {
          throw new RequestError(
            404,
            "notFound",
            `the model "${model}" has no prediction with the id "${id}"`,
            NO_PREDICTION,
          );
        }
        return jsonAnswer(200, { predictions });
      },
    },
    {
      method: "GET",
      path: "/v1/outcomes",
      summary: "How many outcomes of a model are known, joined, without a prediction, corrected or in conflict.",
      scope: "read",
      query: prediction,
      answer: async ({ query, principal }) =>
        jsonAnswer(200, await apiOf(principal.tenant).outcomes(parseQuery(prediction, query).model)),
    },
    {
      method: "GET",
      path: "/v1/explanations",
      summary: "Why windows turned critical: causes in order, the change of loss by feature and kind of row, examples.",
      scope: "read",
      query: incidents,
      answer: async ({ query, principal }) => {
        const { window, ...rest } = parseQuery(incidents, query);
        const filter = { ...withoutUndefined(rest), ...withoutUndefined({ windowName: window }) };
        return jsonAnswer(200, { explanations: await apiOf(principal.tenant).explanations(filter) });
      },
    },
    {
      method: "GET",
      path: "/v1/comparisons",
      summary:
        "Challengers, canaries and shadows of a model against its champion on the same requests, with a verdict.",
      scope: "read",
      query: prediction,
      answer: async ({ query, principal }) => {
        const { model } = parseQuery(prediction, query);
        return jsonAnswer(200, { comparisons: await apiOf(principal.tenant).comparisons(model) });
      },
    },
    {
      method: "GET",
      path: "/v1/ensembles",
      summary:
        "Ensembles of a model as of their newest window: each member's scores and benefit, disagreement, weights in use and proposed.",
      scope: "read",
      query: prediction,
      answer: async ({ query, principal }) => {
        const { model } = parseQuery(prediction, query);
        return jsonAnswer(200, { ensembles: await apiOf(principal.tenant).ensembles(model) });
      },
    },
    {
      method: "GET",
      path: "/v1/status",
      summary: "Ingest counters, queue, watermarks and evaluation.",
      scope: "read",
      query: none,
      answer: async ({ principal }) => jsonAnswer(200, apiOf(principal.tenant).status()),
    },
  ];
}

/** The same object without members that are undefined, as exact optional properties want it. */
function withoutUndefined<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
