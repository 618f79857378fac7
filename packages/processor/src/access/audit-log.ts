import { createHash } from "node:crypto";
import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { TidemarkError } from "@tidemark/semconv";

/** One change: who did what. */
export interface AuditEvent {
  /** Name of a credential, or `processor` for what it did by itself. */
  readonly actor: string;
  readonly tenant: string;
  /** What was done, such as `replay.finished`. */
  readonly action: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface AuditEntry extends AuditEvent {
  readonly seq: number;
  /** ISO 8601 UTC. */
  readonly time: string;
  /** SHA-256 of the entry before and of this entry's content, so that no line can be altered or taken out unseen. */
  readonly hash: string;
}

export interface AuditLog {
  /** Returns once the entry is on disk; throws, with nothing written, where it cannot be. */
  append(event: AuditEvent): void;
  /** The newest entries, oldest first, and whether the whole chain holds. */
  read(limit: number): { readonly entries: readonly AuditEntry[]; readonly intact: boolean };
  close(): void;
}

/**
 * An append-only file of JSON lines, each bound to the one before by its hash. A line that a crash or a full disk tore is
 * cut off: nothing that it tells of was answered. A line that is no entry makes the log not intact, and nothing else.
 * Throws TidemarkError `storeCorrupt` where the file cannot be opened.
 */
export function openAuditLog(path: string, now: () => number): AuditLog {
  let file: number;
  let last: Pick<AuditEntry, "seq" | "hash"> = { seq: 0, hash: "" };
  try {
    file = openSync(path, "a", 0o600);
    const text = readFileSync(path, "utf8");
    const whole = text.slice(0, text.lastIndexOf("\n") + 1);
    if (whole.length < text.length) ftruncateSync(file, Buffer.byteLength(whole));
    last = entriesOf(whole).findLast((entry) => entry !== null) ?? last;
  } catch (cause) {
    throw new TidemarkError("storeCorrupt", `cannot open the audit log ${path}: ${(cause as Error).message}`, {
      cause,
      fix: "Make the file writable for this user, or move it away; a new one is begun then.",
    });
  }
  return {
    append({ actor, tenant, action, detail }) {
      const content = { seq: last.seq + 1, time: new Date(now()).toISOString(), actor, tenant, action, detail };
      const entry = { ...content, hash: hashOf(last.hash, content) };
      const { size } = fstatSync(file);
      try {
        writeFileSync(file, `${JSON.stringify(entry)}\n`);
        fsyncSync(file);
      } catch (error) {
        // Half a line would run into the next one.
        ftruncateSync(file, size);
        throw error;
      }
      last = entry;
    },
    read(limit) {
      const entries = entriesOf(readFileSync(path, "utf8"));
      return { entries: entries.filter((entry) => entry !== null).slice(-limit), intact: isIntact(entries) };
    },
    close: () => closeSync(file),
  };
}

function isIntact(entries: readonly (AuditEntry | null)[]): boolean {
  let before = "";
  return entries.every((entry, index) => {
    if (entry === null) return false;
    const { hash, ...content } = entry;
    const holds = content.seq === index + 1 && hash === hashOf(before, content);
    before = hash;
    return holds;
  });
}

function hashOf(before: string, content: Omit<AuditEntry, "hash">): string {
  return createHash("sha256").update(before).update(JSON.stringify(content)).digest("hex");
}

/** One entry a line; null for a line that is none. */
function entriesOf(text: string): (AuditEntry | null)[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      try {
        const entry = JSON.parse(line) as Partial<AuditEntry> | null;
        return typeof entry?.hash === "string" && Number.isInteger(entry.seq) ? (entry as AuditEntry) : null;
      } catch {
        return null;
      }
    });
}
