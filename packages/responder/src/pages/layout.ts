import { html, raw } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";
import type { Session } from "../http/sessions.ts";

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

const STYLE = `
:root { color-scheme: light dark; --ink: light-dark(#17232e, #e4ebf0); --soft: light-dark(#4b5a67, #a6b4bf);
  --page: light-dark(#f4f7f8, #10181f); --card: light-dark(#fff, #18232c); --line: light-dark(#d5dee4, #324352);
  --accent: light-dark(#0b5f83, #6ec1e4); --critical: light-dark(#a8201a, #ff8a80); --warning: light-dark(#7a4f00, #f5c26b);
  --ok: light-dark(#1d6b3a, #7fd19b) }
* { box-sizing: border-box } body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--page) }
header, main { max-width: 64rem; margin: 0 auto; padding: 1rem } header { display: flex; gap: 1rem; flex-wrap: wrap; align-items: center }
header p { margin: 0 0 0 auto; color: var(--soft) } h1 { font-size: 1.5rem } h2 { font-size: 1.15rem }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: 1rem; margin: 0 0 1rem; overflow-wrap: anywhere }
.state { font-weight: 600 } .critical { color: var(--critical) } .warning { color: var(--warning) } .ok { color: var(--ok) }
dl { display: grid; grid-template-columns: minmax(7rem, max-content) 1fr; gap: .25rem 1rem; margin: 0 } dt { color: var(--soft) } dd { margin: 0 }
a { color: var(--accent) } form { display: grid; gap: .5rem; max-width: 32rem } label { display: grid; gap: .25rem }
input, textarea, select, button { font: inherit; padding: .5rem; border: 1px solid var(--line); border-radius: .375rem; color: inherit; background: var(--page) }
button { cursor: pointer; background: var(--accent); color: light-dark(#fff, #06202c); border: 0; font-weight: 600 }
button.quiet { background: none; color: var(--accent); border: 1px solid var(--accent) } .buttons { display: flex; gap: .5rem; flex-wrap: wrap }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px } .scroll { overflow-x: auto } table { border-collapse: collapse; width: 100% }
th, td { text-align: left; padding: .375rem .75rem .375rem 0; border-bottom: 1px solid var(--line); vertical-align: top } th { color: var(--soft); font-weight: 500 }`;

/** A whole page. Values in templates are escaped by the library; nothing comes from another host. */
export function page(title: string, session: Session | null, content: Html): Html {
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Tidemark</title><link rel="icon" href="data:,"><style>${raw(STYLE)}</style></head>
<body>
<header><a href="/">Tidemark cases</a>${session === null ? "" : signedIn(session)}</header>
<main><h1>${title}</h1>${content}</main>
</body>
</html>`;
}

/** The hidden field that shows that a form is our own. */
export function formToken({ formToken: token }: Session): Html {
  return html`<input type="hidden" name="formToken" value="${token}">`;
}

/** A time as people read it, in UTC, with the machine's form beside it. */
export function timeText(ms: number): Html {
  const iso = new Date(ms).toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 16).replace("T", " ")} UTC</time>`;
}

function signedIn(session: Session): Html {
  const { name, roles } = session.person;
  return html`<p>${name} (${roles.join(", ")})</p>
<form method="post" action="/sign-out">${formToken(session)}<button class="quiet">Sign out</button></form>`;
}
