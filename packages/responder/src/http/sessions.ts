import { randomBytes } from "node:crypto";
import type { Person } from "../engine/person.ts";

export interface Session {
  readonly person: Person;
  /** Goes into every form, and has to come back with it: no other site can know it. */
  readonly formToken: string;
}

/** People signed in to the pages. A restart signs everybody out. */
export interface Sessions {
  /** Returns the cookie's value. */
  open(person: Person): string;
  get(id: string): Session | null;
  close(id: string): void;
}

const LIFETIME_MS = 12 * 3_600_000;
const MAX_SESSIONS = 1_000;

export function createSessions(now: () => number): Sessions {
  const sessions = new Map<string, Session & { readonly endsMs: number }>();
  return {
    open(person) {
      const [oldest] = sessions.keys();
      if (sessions.size >= MAX_SESSIONS && oldest !== undefined) sessions.delete(oldest);
      const id = randomBytes(32).toString("base64url");
      sessions.set(id, { person, formToken: randomBytes(32).toString("base64url"), endsMs: now() + LIFETIME_MS });
      return id;
    },
    get(id) {
      const session = sessions.get(id);
      if (session !== undefined && session.endsMs > now()) return session;
      sessions.delete(id);
      return null;
    },
    close: (id) => void sessions.delete(id),
  };
}
