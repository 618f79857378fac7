import type { Context } from "hono";
import { Hono } from "hono";
import { z } from "zod";
import { decideApproval } from "../engine/decide-approval.ts";
import type { EngineParts } from "../engine/engine-parts.ts";
import type { PeopleCommands } from "../engine/people-commands.ts";
import { type Person, sees } from "../engine/person.ts";
import { plansOf } from "../engine/plans-of.ts";
import type { ReadIncidents } from "../intake/ask-processor.ts";
import { alertingRecord } from "../quality/alerting-record.ts";
import { measureAlertQuality } from "../quality/measure-alert-quality.ts";
import { proposeLines } from "../quality/propose-lines.ts";
import { FEEDBACK_VERDICTS } from "../state/feedback.ts";
import type { People } from "./people.ts";
import { personOfToken } from "./person-of.ts";
import type { Refusals } from "./refusals.ts";

export interface ApiOptions {
  readonly parts: EngineParts;
  readonly commands: PeopleCommands;
  readonly people: People;
  readonly readIncidents: ReadIncidents;
  readonly refusals: Refusals;
  readonly wake: () => void;
}

const DAY_MS = 86_400_000;
const reason = z.string().trim().min(1, "expected a reason").max(2_000);
const decision = z.strictObject({ reason });
const mark = z.strictObject({ verdict: z.enum(FEEDBACK_VERDICTS), reason });
const missed = z.strictObject({
  model: z.string().min(1).max(256),
  started: z.iso.datetime({ offset: true }),
  description: reason,
});
const time = z.iso.datetime({ offset: true }).transform((value) => Date.parse(value));
const alertingSpan = z.strictObject({ from: time, to: time, model: z.string().optional() });
const killSwitch = z.strictObject({ on: z.boolean(), reason });

/** The API under /v1: for `tidemark incident` and for programs. Everything needs a person's bearer token. */
export function apiRoutes({
  parts,
  commands,
  people,
  readIncidents,
  refusals,
  wake,
}: ApiOptions): Hono<{ Variables: { person: Person } }> {
  const { state, now } = parts;
  const app = new Hono<{ Variables: { person: Person } }>();

  app.use("/v1/*", async (context, next) => {
    const person = personOfToken(context, people);
    if (person === null) {
      refusals.note({ actor: "stranger", kind: "api.refused", subject: "api", detail: {} });
      return context.json({ error: "a person's bearer token is needed" }, 401);
    }
    context.set("person", person);
    return next();
  });

  // What is told of all models together is for those who see them all.
  for (const path of ["/v1/quality", "/v1/alerting", "/v1/proposals", "/v1/audit", "/v1/kill-switch"]) {
    app.use(path, async (context, next) => {
      if (context.get("person").models.includes("*")) return next();
      return context.json({ error: "it is for people who see all models" }, 403);
    });
  }

  app.get("/v1/cases", (context) => {
    const isSeen = ({ model }: { readonly model: string }) => sees(context.get("person"), model);
    return context.json({
      cases: state.cases.list({ open: context.req.query("open") === "true" }).filter(isSeen),
      waiting: state.actions.list({ statuses: ["awaiting_approval"] }).filter(isSeen),
    });
  });

  app.get("/v1/cases/:id", (context) => {
    const found = state.cases.get(context.req.param("id"));
    if (found === null || !sees(context.get("person"), found.model))
      return context.json({ error: `there is no case ${context.req.param("id")}` }, 404);
    const actions = state.actions.list({ caseId: found.id });
    const audit = state.audit.list({ subjects: [found.id, ...actions.map(({ id }) => id)] });
    return context.json({ case: found, actions, plans: plansOf(parts, found), audit });
  });

  for (const [verb, approve] of [
    ["approve", true],
    ["reject", false],
  ] as const) {
    app.post(`/v1/actions/:id/${verb}`, async (context) => {
      const body = await read(context, decision);
      if (body instanceof Response) return body;
      const id = context.req.param("id");
      const result = decideApproval(parts, { id, person: context.get("person"), approve, reason: body.reason });
      if (!result.ok) return context.json({ error: result.reason }, result.status);
      wake();
      return context.json({ action: result.action });
    });
  }

  app.post("/v1/cases/:id/acknowledge", (context) =>
    found(context, commands.acknowledge(context.req.param("id"), context.get("person"))),
  );

  app.post("/v1/cases/:id/mark", async (context) => {
    const body = await read(context, mark);
    if (body instanceof Response) return body;
    return found(context, commands.mark(context.req.param("id"), context.get("person"), body.verdict, body.reason));
  });

  app.post("/v1/missed", async (context) => {
    const body = await read(context, missed);
    if (body instanceof Response) return body;
    const { model, started, description } = body;
    if (!sees(context.get("person"), model)) return context.json({ error: `you do not see the model ${model}` }, 403);
    const id = commands.reportMissed(context.get("person"), { model, startedMs: Date.parse(started), description });
    return context.json({ id }, 201);
  });

  app.post("/v1/kill-switch", async (context) => {
    const body = await read(context, killSwitch);
    if (body instanceof Response) return body;
    commands.setKillSwitch(context.get("person"), body.on, body.reason);
    return context.json({ on: body.on });
  });

  app.get("/v1/quality", (context) => {
    const days = Number(context.req.query("days") ?? 30);
    if (!(days > 0 && days <= 3_660)) return context.json({ error: "days: expected a number from 1 to 3660" }, 400);
    return context.json(measureAlertQuality(state, { fromMs: now() - days * DAY_MS, toMs: now() }));
  });

  app.get("/v1/alerting", (context) => {
    const span = alertingSpan.safeParse(context.req.query());
    if (!span.success) return context.json({ error: z.prettifyError(span.error) }, 400);
    const { from: fromMs, to: toMs, model } = span.data;
    return context.json(alertingRecord(parts, { fromMs, toMs, model }));
  });

  app.get("/v1/proposals", async (context) => {
    const cases = state.cases.list();
    const models = [...new Set(cases.map(({ model }) => model))];
    try {
      const found = await Promise.all(models.map((model) => readIncidents({ model })));
      return context.json({ proposals: proposeLines(cases, state.feedback.list(), found.flat()) });
    } catch (error) {
      return context.json({ error: `the processor's history cannot be read: ${(error as Error).message}` }, 502);
    }
  });

  app.get("/v1/audit", (context) => context.json({ audit: state.audit.list() }));
  return app;
}

function found(context: Context, value: unknown): Response {
  return value === null
    ? context.json({ error: `there is no case ${context.req.param("id")}` }, 404)
    : context.json({ case: value });
}

async function read<T>(context: Context, schema: z.ZodType<T>): Promise<T | Response> {
  const body: unknown = await context.req.json().catch(() => undefined);
  const result = schema.safeParse(body);
  return result.success ? result.data : context.json({ error: z.prettifyError(result.error) }, 400);
}
