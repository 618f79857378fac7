import type { Context } from "hono";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { z } from "zod";
import { decideApproval } from "../engine/decide-approval.ts";
import type { EngineParts } from "../engine/engine-parts.ts";
import type { PeopleCommands } from "../engine/people-commands.ts";
import { type Person, sees } from "../engine/person.ts";
import { plansOf } from "../engine/plans-of.ts";
import { caseListPage } from "../pages/case-list-page.ts";
import { casePage } from "../pages/case-page.ts";
import { signInPage } from "../pages/sign-in-page.ts";
import { measureAlertQuality } from "../quality/measure-alert-quality.ts";
import { FEEDBACK_VERDICTS } from "../state/feedback.ts";
import type { People } from "./people.ts";
import { isOwnForm, SESSION_COOKIE, sessionOf } from "./person-of.ts";
import type { Refusals } from "./refusals.ts";
import type { Session, Sessions } from "./sessions.ts";

export interface PageOptions {
  readonly parts: EngineParts;
  readonly commands: PeopleCommands;
  readonly people: People;
  readonly sessions: Sessions;
  readonly refusals: Refusals;
  readonly wake: () => void;
}

type Form = Readonly<Record<string, unknown>>;
type Env = { Variables: { session: Session; form: Form } };

const MONTH_MS = 30 * 86_400_000;
const MAX_FORM_BYTES = 64 * 1024;
const reason = z.string().trim().min(1).max(2_000);
const decisionForm = z.object({ reason, decision: z.enum(["approve", "reject"]) });
const markForm = z.object({ reason, verdict: z.enum(FEEDBACK_VERDICTS) });
const missedForm = z.object({
  model: z.string().min(1).max(256),
  started: z.iso.datetime({ local: true }),
  description: reason,
});
const killForm = z.object({ reason, on: z.enum(["yes", "no"]) });
const SECURITY_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; frame-ancestors 'none'";

/** The pages for people: server-rendered, no script. A form counts only from a session's own page. */
export function pageRoutes({ parts, commands, people, sessions, refusals, wake }: PageOptions): Hono<Env> {
  const { state, config, now } = parts;
  const app = new Hono<Env>();

  app.use(async (context, next) => {
    await next();
    context.header("content-security-policy", SECURITY_POLICY);
    context.header("x-content-type-options", "nosniff");
    context.header("referrer-policy", "same-origin");
    context.header("cache-control", "no-store");
  });
  app.use(bodyLimit({ maxSize: MAX_FORM_BYTES }));

  app.use(async (context, next) => {
    // What a foreign page sends is refused before anything is looked at: signing in as somebody else, too.
    const from = context.req.header("sec-fetch-site");
    if (context.req.method !== "POST" || from === undefined || from === "same-origin" || from === "none") return next();
    const actor = sessionOf(context, sessions)?.person.name ?? "stranger";
    refusals.note({ actor, kind: "form.refused", subject: "pages", detail: { path: context.req.path, from } });
    return context.text("The form did not come from this page. Open it again.", 403);
  });

  app.get("/sign-in", (context) => context.html(signInPage(null)));
  app.post("/sign-in", async (context) => {
    const { token } = await context.req.parseBody();
    const person = typeof token === "string" ? people.identify(token) : null;
    if (person === null) {
      refusals.note({ actor: "stranger", kind: "sign_in.refused", subject: "pages", detail: {} });
      return context.html(signInPage("This token belongs to nobody."), 401);
    }
    const isSecure = config.server.publicUrl?.startsWith("https:") ?? false;
    const options = { httpOnly: true, sameSite: "Strict", path: "/", secure: isSecure } as const;
    setCookie(context, SESSION_COOKIE, sessions.open(person), options);
    return context.redirect("/", 303);
  });

  app.use(async (context, next) => {
    const session = sessionOf(context, sessions);
    if (session === null) return context.redirect("/sign-in", 303);
    context.set("session", session);
    if (context.req.method !== "POST") return next();
    const form = await context.req.parseBody();
    if (!isOwnForm(session, form)) {
      const actor = session.person.name;
      refusals.note({ actor, kind: "form.refused", subject: "pages", detail: { path: context.req.path } });
      return context.text("The form did not come from this page. Open it again.", 403);
    }
    context.set("form", form);
    return next();
  });

  app.post("/sign-out", (context) => {
    sessions.close(getCookie(context, SESSION_COOKIE) ?? "");
    deleteCookie(context, SESSION_COOKIE);
    return context.redirect("/sign-in", 303);
  });

  app.get("/", (context) =>
    context.html(
      caseListPage({
        session: context.get("session"),
        cases: state.cases.list().filter(isSeenBy(context.get("session").person)),
        waiting: state.actions
          .list({ statuses: ["awaiting_approval"] })
          .filter(isSeenBy(context.get("session").person)),
        isKilled: state.isKilled(),
        isDryRun: config.dryRun,
        quality: context.get("session").person.models.includes("*")
          ? measureAlertQuality(state, { fromMs: now() - MONTH_MS, toMs: now() })
          : null,
      }),
    ),
  );

  app.get("/cases/:id", (context) => showCase(context, context.req.param("id"), null));

  app.post("/cases/:id/acknowledge", (context) => {
    const id = context.req.param("id");
    const found = commands.acknowledge(id, context.get("session").person);
    return found === null ? context.notFound() : context.redirect(`/cases/${id}`, 303);
  });

  app.post("/cases/:id/mark", (context) => {
    const id = context.req.param("id");
    const form = markForm.safeParse(context.get("form"));
    if (!form.success) return showCase(context, id, "A verdict needs a reason.");
    const found = commands.mark(id, context.get("session").person, form.data.verdict, form.data.reason);
    return found === null ? context.notFound() : context.redirect(`/cases/${id}`, 303);
  });

  app.post("/actions/:id", (context) => {
    const id = context.req.param("id");
    const action = state.actions.get(id);
    if (action === null || !isSeenBy(context.get("session").person)(action)) return context.notFound();
    const form = decisionForm.safeParse(context.get("form"));
    if (!form.success) return showCase(context, action.caseId, "A decision needs a reason.");
    const approve = form.data.decision === "approve";
    const result = decideApproval(parts, {
      id,
      person: context.get("session").person,
      approve,
      reason: form.data.reason,
    });
    if (!result.ok) return showCase(context, action.caseId, `Refused: ${result.reason}.`, result.status);
    wake();
    return context.redirect(`/cases/${action.caseId}`, 303);
  });

  app.post("/missed", (context) => {
    const form = missedForm.safeParse(context.get("form"));
    if (!form.success) return context.text(z.prettifyError(form.error), 400);
    const { model, started, description } = form.data;
    if (!sees(context.get("session").person, model)) return context.text(`You do not see the model ${model}.`, 403);
    commands.reportMissed(context.get("session").person, { model, startedMs: Date.parse(`${started}Z`), description });
    return context.redirect("/", 303);
  });

  app.post("/kill-switch", (context) => {
    const { person } = context.get("session");
    if (!person.models.includes("*")) return context.text("It is for people who see all models.", 403);
    const form = killForm.safeParse(context.get("form"));
    if (!form.success) return context.text("The kill switch needs a reason.", 400);
    commands.setKillSwitch(person, form.data.on === "yes", form.data.reason);
    return context.redirect("/", 303);
  });
  return app;

  function showCase(
    context: Context<Env>,
    id: string,
    problem: string | null,
    status: 200 | 400 | 403 | 404 | 409 = 200,
  ) {
    const found = state.cases.get(id);
    if (found === null || !isSeenBy(context.get("session").person)(found)) return context.notFound();
    const actions = state.actions.list({ caseId: id });
    const view = {
      session: context.get("session"),
      found,
      actions,
      plans: plansOf(parts, found),
      audit: state.audit.list({ subjects: [id, ...actions.map((action) => action.id)] }),
      feedback: state.feedback.list().find(({ caseId }) => caseId === id) ?? null,
      reportUrl: config.processor,
      problem,
    };
    return context.html(casePage(view), problem !== null && status === 200 ? 400 : status);
  }
}

function isSeenBy(person: Person): (about: { readonly model: string }) => boolean {
  return ({ model }) => sees(person, model);
}
