import { existsSync, readdirSync, renameSync, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

const STAMP = /^[0-9a-f]{8}$/;

/** Names beside a data folder that a restore uses: what stood there, and what takes its place. */
export function restoreNames(path: string, stamp: string): { readonly before: string; readonly beside: string } {
  return { before: `${path}.before-${stamp}`, beside: `${path}.restoring-${stamp}` };
}

/**
 * Puts a restored folder in its place where the restore died after it had moved the old one aside; the new one was whole by
 * then. Without this the next start would begin an empty store. Does nothing where a folder stands at `path`.
 */
export async function finishRestore(path: string): Promise<void> {
  const parent = dirname(path);
  if (existsSync(path) || !isFolder(parent)) return;
  const prefix = basename(restoreNames(path, "").beside);
  const stamps = readdirSync(parent).flatMap((name) => (name.startsWith(prefix) ? [name.slice(prefix.length)] : []));
  const stamp = stamps.find((each) => STAMP.test(each) && existsSync(restoreNames(path, each).before));
  if (stamp === undefined) return;
  renameSync(join(parent, `${prefix}${stamp}`), path);
  await syncPath(parent);
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Syncs a file, or the names in a folder. */
export async function syncPath(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
