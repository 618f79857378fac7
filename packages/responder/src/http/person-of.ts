import type { Context } from "hono";
import { getCookie } from "hono/cookie";
import type { Person } from "../engine/person.ts";
import { isEqual } from "../intake/check-signature.ts";
import type { People } from "./people.ts";
import type { Session, Sessions } from "./sessions.ts";

export const SESSION_COOKIE = "tidemark_session";

/** Who calls the API: by bearer token. Null for a stranger. */
export function personOfToken(context: Context, people: People): Person | null {
  const match = /^Bearer (\S+)$/.exec(context.req.header("authorization") ?? "");
  return match === null ? null : people.identify(match[1]!);
}

/** Who looks at the pages: by session cookie. Null for a stranger. */
export function sessionOf(context: Context, sessions: Sessions): Session | null {
  const id = getCookie(context, SESSION_COOKIE);
  return id === undefined ? null : sessions.get(id);
}

/** Whether a form was made by one of our own pages for this session. */
export function isOwnForm({ formToken }: Session, form: Readonly<Record<string, unknown>>): boolean {
  return typeof form["formToken"] === "string" && isEqual(form["formToken"], formToken);
}
