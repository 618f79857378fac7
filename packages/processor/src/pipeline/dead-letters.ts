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
  /** Sets one aside; lets it go where too many wait to be written or its tenant sends too many. Never throws, never waits. */
  add(letter: Omit<DeadLetter, "time">): void;
  /** The newest of a tenant, oldest first. */
  list(tenant: string, filter: { readonly limit: number; readonly reason?: string | undefined }): Promise<DeadLetter[]>;
  /** How many of a tenant were let go, because they came too fast or because writing failed. */
  dropped(tenant: string): number;
  /** Resolves when all are written. */
  flush(): Promise<void>;
}

/** Two files of this size: the newer is written, and takes the place of the older when it is full. */
const MAX_FILE_BYTES = 8 * 1024 * 1024;
const MAX_WAITING = 1_000;
/** What a tenant may set aside at once, and how fast that grows again: one who floods must not push out what others need. */
const BURST = 1_000;
const PER_SECOND = 1;

/** Keeps what could not be taken in two files of JSON lines in a folder, at most 16 MiB together. */
export function createDeadLetters(
  folder: string,
  now: () => number,
  maxFileBytes: number = MAX_FILE_BYTES,
): DeadLetters {
  const newer = join(folder, "dead-letters.jsonl");
  const older = join(folder, "dead-letters.old.jsonl");
  let waiting: { readonly tenant: string; readonly line: string }[] = [];
  const allowances = new Map<string, { left: number; atMs: number }>();
  const dropped = new Map<string, number>();
  let writing: Promise<void> | null = null;

  const drop = (tenant: string) => dropped.set(tenant, (dropped.get(tenant) ?? 0) + 1);

  /** Takes one of what a tenant may set aside now; false where nothing is left. */
  function isAllowed(tenant: string): boolean {
    const nowMs = now();
    const { left, atMs } = allowances.get(tenant) ?? { left: BURST, atMs: nowMs };
    const grown = Math.min(BURST, left + (Math.max(0, nowMs - atMs) / 1_000) * PER_SECOND);
    allowances.set(tenant, { left: grown >= 1 ? grown - 1 : grown, atMs: nowMs });
    return grown >= 1;
  }

  async function write(): Promise<void> {
    while (waiting.length > 0) {
      const letters = waiting;
      waiting = [];
      try {
        if ((await sizeOf(newer)) >= maxFileBytes) await rename(newer, older);
        await appendFile(newer, letters.map(({ line }) => line).join(""), { mode: 0o600 });
      } catch {
        for (const { tenant } of letters) drop(tenant);
      }
    }
    writing = null;
  }

  return {
    add(letter) {
      const { tenant } = letter;
      if (waiting.length >= MAX_WAITING || !isAllowed(tenant)) return void drop(tenant);
      waiting.push({ tenant, line: `${JSON.stringify({ time: new Date(now()).toISOString(), ...letter })}\n` });
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
    dropped: (tenant) => dropped.get(tenant) ?? 0,
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
