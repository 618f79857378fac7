import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/**
 * Process id of the process that has the data folder open, or null. The engine keeps a lock on the file `status`;
 * where the system lists its locks (Linux) the list is asked, elsewhere the process id that the file names.
 */
export function folderOwner(path: string): number | null {
  const file = join(path, "status");
  let named: number;
  let inode: number;
  try {
    named = Number(/^PID: (\d+)/m.exec(readFileSync(file, "utf8"))?.[1] ?? Number.NaN);
    inode = statSync(file).ino;
  } catch {
    return null;
  }
  const locks = readLocks();
  if (locks !== null) return locks.get(inode) ?? null;
  return Number.isInteger(named) && named !== process.pid && isAlive(named) ? named : null;
}

/** Owner by inode of every file lock, from lines such as `1: FLOCK ADVISORY WRITE 1234 fe:01:5678 0 EOF`. */
function readLocks(): Map<number, number> | null {
  let text: string;
  try {
    text = readFileSync("/proc/locks", "utf8");
  } catch {
    return null;
  }
  const owners = new Map<number, number>();
  for (const match of text.matchAll(/(\d+) [0-9a-f]+:[0-9a-f]+:(\d+) \d+ \S+$/gm)) {
    owners.set(Number(match[2]), Number(match[1]));
  }
  return owners;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
