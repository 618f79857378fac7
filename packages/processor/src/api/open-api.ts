import { incidentSchema, joinedIncidentSchema, measurementSchema, profileSchema } from "@tidemark/schema";
import { z } from "zod";
import { jsonAnswer } from "../receive/answer.ts";
import { outcomeInputSchema } from "./outcome-requests.ts";
import { querySchemas } from "./query-schemas.ts";
import type { Route } from "./routes.ts";

type JsonObject = Readonly<Record<string, unknown>>;

/** Schemas that answers and bodies refer to, by name. */
const SCHEMAS = {
  Measurement: measurementSchema,
  Incident: incidentSchema,
  JoinedIncident: joinedIncidentSchema,
  Profile: profileSchema,
  Outcomes: outcomeInputSchema,
} as const satisfies Record<string, z.ZodType>;

/** What a path answers or takes, where a schema describes it. */
const ANSWERS: Readonly<Record<string, JsonObject>> = {
  "/v1/measurements": listOf("measurements", "Measurement"),
  "/v1/incidents": listOf("incidents", "Incident"),
  "/v1/joined-incidents": listOf("joinedIncidents", "JoinedIncident"),
  "/v1/profiles/{id}": reference("Profile"),
};
const BODIES: Readonly<Record<string, JsonObject>> = { "/v1/outcomes": reference("Outcomes") };

/** Serves the description of the other routes. */
export function openApiRoute(routes: readonly Route[]): Route {
  return {
    method: "GET",
    path: "/v1/openapi.json",
    summary: "This API as an OpenAPI document.",
    scope: "read",
    query: querySchemas.none,
    answer: async () => jsonAnswer(200, openApiDocument(routes)),
  };
}

/** The API as an OpenAPI 3.1 document, made from the routes and the schemas they are checked by. */
function openApiDocument(routes: readonly Route[]): JsonObject {
  const paths: Record<string, Record<string, JsonObject>> = {};
  for (const route of routes) {
    paths[route.path] ??= {};
    paths[route.path]![route.method.toLowerCase()] = operation(route);
  }
  const schemas = Object.entries(SCHEMAS).map(([name, schema]) => [name, z.toJSONSchema(schema, { io: "input" })]);
  return {
    openapi: "3.1.0",
    info: { title: "Tidemark processor", version: "1" },
    paths,
    components: {
      securitySchemes: { bearer: { type: "http", scheme: "bearer" } },
      schemas: Object.fromEntries(schemas),
    },
  };
}

function operation({ path, summary, scope, query }: Route): JsonObject {
  const body = BODIES[path];
  return {
    summary,
    // `security` of OpenAPI: no requirement at all, or the bearer's scope.
    security: scope === null ? [] : [{ bearer: [scope] }],
    parameters: [...pathParameters(path), ...queryParameters(query)],
    ...(body === undefined ? {} : { requestBody: { required: true, content: json(body) } }),
    responses: {
      "200": { description: "Success.", ...(path in ANSWERS ? { content: json(ANSWERS[path]!) } : {}) },
      "4XX": { description: "An error with code, message and fix.", content: json(ERROR) },
    },
  };
}

function pathParameters(path: string): JsonObject[] {
  return path.endsWith("{id}") ? [{ name: "id", in: "path", required: true, schema: { type: "string" } }] : [];
}

function queryParameters(query: z.ZodObject): JsonObject[] {
  const { properties = {}, required = [] } = z.toJSONSchema(query, { io: "input" });
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: "query",
    required: required.includes(name),
    schema: schema as JsonObject,
  }));
}

const ERROR: JsonObject = {
  type: "object",
  required: ["error"],
  properties: {
    error: {
      type: "object",
      required: ["code", "message", "fix"],
      properties: { code: { type: "string" }, message: { type: "string" }, fix: { type: "string" } },
    },
  },
};

function json(schema: JsonObject): JsonObject {
  return { "application/json": { schema } };
}

function listOf(member: string, name: string): JsonObject {
  return { type: "object", required: [member], properties: { [member]: { type: "array", items: reference(name) } } };
}

function reference(name: string): JsonObject {
  return { $ref: `#/components/schemas/${name}` };
}
