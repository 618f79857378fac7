import { appendFile, readFile, rename, stat } from "node:fs/promises";
import { join } from "node:path";

/** A record or a request that could not be taken: why, and what may be kept of it. */
export interface DeadLetter {
  /** When it was refused, ISO 8601 UTC. */
  readonly time: string;
  readonly tenant: string;
  readonly signal: string;
  readonly reason: string;
  /** Without values, but for the names that say where it belongs. */
  readonly record: Readonly<Record<string, string>>;
}

export interface DeadLetters {
  /** Sets one aside; lets it go where too many wait to be written. Never throws, never waits. */
  add(letter: Omit<DeadLetter, "time">): void;
  /** The newest of a tenant, oldest first. */
  list(tenant: string, filter: { readonly limit: number; readonly reason?: string | undefined }): Promise<DeadLetter[]>;
  /** How many were let go, because they came faster than they could be written or because writing failed. */
  dropped(): number;
  /** Resolves when all are written. */
  flush(): Promise<void>;
}

/** Two files of this size: the newer is written, and takes the place of the older when it is full. */
const MAX_FILE_BYTES = 8 * 1024 * 1024;
const MAX_WAITING = 1_000;

/** Keeps what could not be taken in two files of JSON lines in a folder, at most 16 MiB together. */
export function createDeadLetters(
  folder: string,
  now: () => number,
  maxFileBytes: number = MAX_FILE_BYTES,
): DeadLetters {
  const newer = join(folder, "dead-letters.jsonl");
  const older = join(folder, "dead-letters.old.jsonl");
  let waiting: string[] = [];
  let dropped = 0;
  let writing: Promise<void> | null = null;

  async function write(): Promise<void> {
    while (waiting.length > 0) {
      const lines = waiting;
      waiting = [];
      try {
        if ((await sizeOf(newer)) >= maxFileBytes) await rename(newer, older);
        await appendFile(newer, lines.join(""), { mode: 0o600 });
      } catch {
        dropped += lines.length;
      }
    }
    writing = null;
  }

  return {
    add(letter) {
      if (waiting.length >= MAX_WAITING) {
        dropped++;
        return;
      }
      waiting.push(`${JSON.stringify({ time: new Date(now()).toISOString(), ...letter })}\n`);
      writing ??= write();
    },
    async list(tenant, { limit, reason }) {
      const texts = await Promise.all([older, newer].map((path) => readFile(path, "utf8").catch(() => "")));
      return texts
        .flatMap((text) => text.split("\n"))
        .flatMap(parseLine)
        .filter((letter) => letter.tenant === tenant && (reason === undefined || letter.reason === reason))
        .slice(-limit);
    },
    dropped: () => dropped,
    async flush() {
      await writing;
    },
  };
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

/** A line that a crash tore is left out. */
function parseLine(line: string): DeadLetter[] {
  try {
    return line === "" ? [] : [JSON.parse(line) as DeadLetter];
  } catch {
    return [];
  }
}
