import type { AuditEntry } from "../state/audit-log.ts";
import type { ResponderState } from "../state/responder-state.ts";

/** What was refused to whoever asked, on the audit log; however many ask, it grows by a few entries a minute. */
export interface Refusals {
  /** @param entry its subject is one of a few, and never what a stranger sent. */
  note(entry: Omit<AuditEntry, "seq" | "atMs">): void;
  /** Tells of those that were only counted, once their minute is over. */
  flush(): void;
  /** Tells of them now. */
  close(): void;
}

const MINUTE_MS = 60_000;
/** Entries of one kind and subject that a minute may have; the rest are counted in one more. */
const TOLD_A_MINUTE = 10;

interface Minute {
  readonly kind: string;
  readonly subject: string;
  readonly startMs: number;
  told: number;
  more: number;
}

export function createRefusals({ audit }: ResponderState, now: () => number): Refusals {
  const minutes = new Map<string, Minute>();
  const tell = ({ kind, subject, startMs, more }: Minute): void => {
    if (more === 0) return;
    const detail = { more, since: new Date(startMs).toISOString() };
    audit.append({ atMs: now(), actor: "responder", kind, subject, detail });
  };
  const flushWhere = (isOver: (minute: Minute) => boolean): void => {
    for (const [key, minute] of minutes) {
      if (!isOver(minute)) continue;
      minutes.delete(key);
      tell(minute);
    }
  };
  // A clock that was set back ends the minute too.
  const isPast = ({ startMs }: Minute) => Math.abs(now() - startMs) >= MINUTE_MS;
  return {
    note({ actor, kind, subject, detail }) {
      flushWhere(isPast);
      const key = `${kind} ${subject}`;
      const minute = minutes.get(key) ?? { kind, subject, startMs: now(), told: 0, more: 0 };
      minutes.set(key, minute);
      if (minute.told === TOLD_A_MINUTE) {
        minute.more++;
        return;
      }
      minute.told++;
      audit.append({ atMs: now(), actor, kind, subject, detail });
    },
    flush: () => flushWhere(isPast),
    close: () => flushWhere(() => true),
  };
}
