import { execFile } from "node:child_process";
import { accessSync, constants, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { TidemarkError } from "@tidemark/semconv";
import { toStoreError } from "./engine-error.ts";
import { folderOwner } from "./folder-lock.ts";
import { setAsideMerges } from "./set-aside-merges.ts";

const OPEN_AND_CLOSE =
  "const { Session, drainPending } = await import(process.argv[1]); new Session(process.argv[2]).close(); await drainPending();";
const PROBE_TIMEOUT_MS = 120_000;
const LOOK_INTERVAL_MS = 100;
const REASON_CHARACTERS = 300;
const BROKEN = /broken parts/;

/**
 * Makes the folder where it does not exist, and throws a TidemarkError that says why where the engine cannot open it:
 * `storeLocked`, `storeCorrupt`, `storeFull`. An existing folder is opened once in a child process, because the
 * engine gives the reason on standard error only.
 */
export async function checkFolder(path: string): Promise<void> {
  try {
    // What is in it may tell of people: it is for this user alone, as long as nobody says otherwise.
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new TidemarkError("storeCorrupt", `cannot make the data folder ${path}: ${messageOf(error)}`, {
      cause: toStoreError(error),
      fix: "Name a folder that this user may write in store.path.",
    });
  }
  const unwritable = [path, join(path, "status"), join(path, "metadata")].find((each) => !mayWrite(each));
  if (unwritable !== undefined) {
    throw new TidemarkError("storeUnwritable", `no permission to write ${unwritable} of the data folder ${path}`);
  }
  const owner = await ownerAfterProbes(path);
  if (owner !== null) throw new TidemarkError("storeLocked", `process ${owner} has the data folder ${path} open`);
  if (!existsSync(join(path, "metadata"))) return;
  let refusal = await refusalOf(path);
  if (refusal !== null && BROKEN.test(refusal) && setAsideMerges(path) > 0) refusal = await refusalOf(path);
  if (refusal === null) return;
  const full = toStoreError(new Error(refusal));
  if (full instanceof TidemarkError) throw full;
  throw new TidemarkError("storeCorrupt", `the data folder ${path} cannot be opened: ${refusal}`);
}

/** Why the engine does not open the folder; null where it does. */
async function refusalOf(path: string): Promise<string | null> {
  const engine = import.meta.resolve("chdb");
  const args = ["--input-type=module", "--eval", OPEN_AND_CLOSE, engine, path];
  try {
    await promisify(execFile)(process.execPath, args, {
      timeout: PROBE_TIMEOUT_MS,
      env: { ...process.env, NODE_OPTIONS: "" },
    });
    return null;
  } catch (error) {
    return engineReason(error);
  }
}

/**
 * Who has the folder open. The check of a process that was killed goes on without it for some seconds: that one is waited
 * for, where the system tells what a process runs (Linux).
 */
async function ownerAfterProbes(path: string): Promise<number | null> {
  const untilMs = performance.now() + PROBE_TIMEOUT_MS;
  let owner = folderOwner(path);
  while (owner !== null && isProbe(owner) && performance.now() < untilMs) {
    await pause(LOOK_INTERVAL_MS);
    owner = folderOwner(path);
  }
  return owner;
}

function isProbe(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(OPEN_AND_CLOSE);
  } catch {
    return false;
  }
}

/** What is not there yet is made by the engine. */
function mayWrite(path: string): boolean {
  if (!existsSync(path)) return true;
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** What the engine printed as the cause, without the jobs that failed because of it and without advice for servers. */
function engineReason(error: unknown): string {
  const printed = error instanceof Error && "stderr" in error ? String(error.stderr) : "";
  const line = printed.split("\n").find((text) => text.includes("DB::Exception: ")) ?? messageOf(error);
  const causes = line
    .split(/(?:Code: \d+\. )?DB::Exception: /)
    .filter((text) => !/^(Waited job|Load job|$)/.test(text));
  const [reason = line] = (causes[0] ?? line).split(/\. You can change|: Cannot attach| \(version/);
  return reason.trim().slice(0, REASON_CHARACTERS);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
