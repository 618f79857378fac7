import { html } from "hono/html";
import type { Plan } from "../engine/plans-of.ts";
import type { Session } from "../http/sessions.ts";
import type { Action } from "../state/actions.ts";
import type { AuditEntry } from "../state/audit-log.ts";
import { type Case, isAcknowledged } from "../state/cases.ts";
import { FEEDBACK_VERDICTS, type Feedback } from "../state/feedback.ts";
import { formToken, type Html, page, timeText } from "./layout.ts";

export interface CaseView {
  readonly session: Session;
  readonly found: Case;
  readonly actions: readonly Action[];
  readonly plans: readonly Plan[];
  readonly audit: readonly AuditEntry[];
  readonly feedback: Feedback | null;
  /** Address of the report that shows the model. */
  readonly reportUrl: string;
  readonly problem: string | null;
}

/** One case: what was seen and why, what is proposed and what was done, and everything that happened. */
export function casePage(view: CaseView): Html {
  const { session, found, actions, plans, audit, feedback, reportUrl, problem } = view;
  const { id, model, version, signal, target, state, cause, openedMs, closedMs } = found;
  return page(
    `${model}: ${target}`,
    session,
    html`
${problem === null ? "" : html`<p class="card critical" role="alert">${problem}</p>`}
<section class="card" aria-label="What was seen"><dl>
<dt>State</dt><dd><span class="state ${state}">${state}</span></dd>
<dt>First cause</dt><dd>${cause === null ? "not known" : `${cause.kind} of ${cause.target}: ${cause.explanation}`}</dd>
<dt>Signal</dt><dd>${signal}, version ${version || "not told"}</dd>
<dt>Opened</dt><dd>${timeText(openedMs)}</dd>
<dt>Closed</dt><dd>${closedMs === null ? "open" : timeText(closedMs)}</dd>
<dt>Alert</dt><dd>${found.alert} (${found.source})${found.reopened > 0 ? `, fired again ${found.reopened} times` : ""}</dd>
<dt>Evidence</dt><dd><code>${JSON.stringify(found.evidence)}</code></dd>
<dt>More</dt><dd><a href="${reportUrl}">the report</a></dd></dl>
${
  closedMs === null && !isAcknowledged(found)
    ? html`<form method="post" action="/cases/${id}/acknowledge">${formToken(session)}<button class="quiet">I look after it</button></form>`
    : ""
}</section>
<section aria-labelledby="actions"><h2 id="actions">Actions</h2>
${actions.length === 0 ? html`<p>None.</p>` : actions.map((action) => actionCard(session, action))}</section>
${plans.length === 0 ? "" : html`<section aria-labelledby="next"><h2 id="next">What comes next</h2><ul class="card">${plans.map(planItem)}</ul></section>`}
<section aria-labelledby="mark"><h2 id="mark">Was this alert any good?</h2>
<form method="post" action="/cases/${id}/mark" class="card">${formToken(session)}
${feedback === null ? "" : html`<p>${feedback.actor} said ${feedback.verdict}: ${feedback.reason}</p>`}
<label>Verdict <select name="verdict">${FEEDBACK_VERDICTS.map((verdict) => html`<option>${verdict}</option>`)}</select></label>
<label>Reason <input name="reason" required></label><button>Mark</button></form></section>
<section aria-labelledby="audit"><h2 id="audit">Everything that happened</h2>
<div class="card scroll" tabindex="0" role="group" aria-label="Audit log"><table>
<thead><tr><th scope="col">When</th><th scope="col">Who</th><th scope="col">What</th><th scope="col">Detail</th></tr></thead>
<tbody>${audit.map(auditRow)}</tbody></table></div></section>`,
  );
}

function planItem({ policy, rung, reason }: Plan): Html {
  return html`<li>${policy}: ${rung === null ? "nothing more" : rung}, ${reason}</li>`;
}

function actionCard(session: Session, action: Action): Html {
  const { id, rung, name, status, actor, reason, result, requestedMs } = action;
  return html`<article class="card" aria-label="${rung}"><dl>
<dt>Action</dt><dd>${rung} (${name})</dd><dt>Status</dt><dd>${status.replaceAll("_", " ")}</dd>
<dt>Requested</dt><dd>${timeText(requestedMs)}</dd>
${actor === null ? "" : html`<dt>Decided by</dt><dd>${actor}: ${reason}</dd>`}
${result === null ? "" : html`<dt>Result</dt><dd>${result}</dd>`}</dl>
${
  status !== "awaiting_approval"
    ? ""
    : html`<form method="post" action="/actions/${id}">${formToken(session)}
<label>Reason <input name="reason" required></label>
<div class="buttons"><button name="decision" value="approve">Approve ${rung}</button>
<button class="quiet" name="decision" value="reject">Reject</button></div></form>`
}</article>`;
}

function auditRow({ atMs, actor, kind, detail }: AuditEntry): Html {
  return html`<tr><td>${timeText(atMs)}</td><td>${actor}</td><td>${kind}</td><td><code>${JSON.stringify(detail)}</code></td></tr>`;
}
