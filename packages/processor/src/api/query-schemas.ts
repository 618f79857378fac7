import { DEPLOYMENT_ROLES, SIGNAL_NAMES, TARGET_KINDS } from "@tidemark/schema";
import { nearestName } from "@tidemark/semconv";
import { z } from "zod";
import { EXPORT_FORMATS } from "../export/export-predictions.ts";
import { RequestError } from "./request-error.ts";

const text = z.string().min(1);
const time = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()], {
    error: "expected a date, or a time with its zone such as 2026-11-25T19:00:00Z",
  })
  .transform((value) => Date.parse(value));
const keyParts = {
  model: text.optional(),
  version: z.string().optional(),
  role: z.enum(DEPLOYMENT_ROLES).optional(),
};

/** Query parameters by path; every one is optional unless said otherwise. */
export const querySchemas = {
  none: z.strictObject({}),
  measurements: z.strictObject({
    ...keyParts,
    window: text.optional().describe("Name of the window, such as 7d."),
    signal: z.enum(SIGNAL_NAMES).optional(),
    kind: z.enum(TARGET_KINDS).optional().describe("Kind of target."),
    target: text.optional().describe("Name of the feature, score or service figure."),
    metric: text.optional(),
    from: time.optional().describe("Windows that start at or after this time, ISO 8601."),
    to: time.optional().describe("Windows that start before this time, ISO 8601."),
    latest: z.enum(["true", "false"]).optional().describe("Only the newest window of each name."),
  }),
  incidents: z.strictObject({ ...keyParts, window: text.optional() }),
  joinedIncidents: z.strictObject({
    model: text.optional().describe("Only those that this model is part of."),
    window: text.optional().describe("Only windows of this name, such as 7d."),
  }),
  audit: z.strictObject({ limit: z.coerce.number().int().min(1).max(10_000).default(1_000) }),
  deadLetters: z.strictObject({
    limit: z.coerce.number().int().min(1).max(10_000).default(100),
    reason: text.optional(),
  }),
  prediction: z.strictObject({ model: text }),
  control: z.strictObject({
    model: text,
    metric: text.describe("Such as ml.performance.accuracy."),
    window: text.optional(),
    target: text.optional().describe("Name of the feature, score or service figure."),
  }),
  export: z.strictObject({
    ...keyParts,
    model: text,
    from: time.optional().describe("Predictions at or after this time, ISO 8601."),
    to: time.optional().describe("Predictions before this time, ISO 8601."),
    labelled: z.enum(["true", "false"]).optional().describe("Only predictions whose outcome is known."),
    format: z.enum(EXPORT_FORMATS).default("parquet"),
  }),
} as const;

/**
 * The parameters of a URL as the schema types them.
 * Throws RequestError 400 that names the parameter, what was found and the nearest valid name.
 */
export function parseQuery<S extends z.ZodObject>(schema: S, parameters: URLSearchParams): z.infer<S> {
  const result = schema.safeParse(Object.fromEntries(parameters));
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  if (issue.code === "unrecognized_keys") {
    const valid = Object.keys(schema.shape);
    const name = issue.keys[0]!;
    const nearest = nearestName(name, valid);
    const fix = nearest === null ? `Valid here: ${valid.join(", ") || "none"}.` : `Did you mean ${nearest}?`;
    throw new RequestError(400, "requestInvalid", `unknown query parameter "${name}"`, fix);
  }
  const name = String(issue.path[0] ?? "");
  const found = parameters.get(name);
  const message = `query parameter "${name}": ${issue.message}${found === null ? "; it is missing" : `; found "${found}"`}`;
  throw new RequestError(400, "requestInvalid", message);
}
