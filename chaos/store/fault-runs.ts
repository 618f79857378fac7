import { spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { root } from "../../scripts/run.ts";
import { type ProcessorProcess, startProcessorProcess } from "../processor/processor-process.ts";
import { createLedger, type Load, startLoad } from "./acknowledged-load.ts";
import { checkLedger } from "./check-ledger.ts";

const SMALL_DISK = "48m";
const NOBODY = 65_534;

/** A fault of the disk: what it is, and what it broke of what was promised; null where this machine cannot make it. */
export interface FaultRun {
  readonly name: string;
  readonly broken: readonly string[] | null;
}

/** Every fault of the disk, one after the other, each on a folder of its own. */
export async function* faultRuns(): AsyncGenerator<FaultRun> {
  yield { name: "disk full", broken: await diskFull() };
  yield { name: "files that may not grow", broken: await inFolder(ioErrors) };
  yield { name: "read-only folder", broken: await inFolder(readOnly) };
  yield { name: "torn file", broken: await inFolder(tornFile) };
}

async function inFolder(fault: (folder: string) => Promise<string[] | null>): Promise<string[] | null> {
  const folder = mkdtempSync(path.join(tmpdir(), "tidemark-fault-"));
  try {
    return await fault(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The disk fills up under load: senders are told to come again, nothing acknowledged goes, and freed space is used. */
async function diskFull(): Promise<string[] | null> {
  return inFolder(async (folder) => {
    const disk = path.join(folder, "disk");
    mkdirSync(disk);
    if (spawnSync("mount", ["-t", "tmpfs", "-o", `size=${SMALL_DISK}`, "tmpfs", disk]).status !== 0) return null;
    const broken: string[] = [];
    const ledger = createLedger();
    let processor: ProcessorProcess | null = null;
    try {
      processor = await startProcessorProcess({ folder, config: { store: { path: "disk/data" } } });
      let load = startLoad(processor.url, ledger, "before");
      await until(() => ledger.acknowledged.size > 100);
      await load.stop();
      const filler = path.join(disk, "filler");
      spawnSync("dd", ["if=/dev/zero", `of=${filler}`, "bs=64k"], { stdio: "ignore" });
      load = startLoad(processor.url, ledger, "full");
      broken.push(...(await refusedClearly(processor, load)));
      rmSync(filler);
      const before = ledger.acknowledged.size;
      await until(() => ledger.acknowledged.size > before + 100);
      await load.stop();
      broken.push(...(await checkLedger(processor.url, ledger)));
      if ((await processor.stop("SIGTERM")) !== 0) broken.push("it did not end cleanly");
    } finally {
      if (processor !== null && !processor.hasEnded()) await processor.stop("SIGKILL");
      spawnSync("umount", [disk]);
    }
    return broken;
  });
}

/** Writing fails in the middle of files: told to senders; a start without the fault has all that was acknowledged. */
async function ioErrors(folder: string): Promise<string[]> {
  const ledger = createLedger();
  const first = await startProcessorProcess({ folder });
  const load = startLoad(first.url, ledger, "before");
  await until(() => ledger.acknowledged.size > 100);
  await load.stop();
  await first.stop("SIGTERM");
  const broken: string[] = [];
  // No file may be longer than 1 kB: every write beyond fails, as on a disk with an error.
  const limited = await startLimited(folder);
  if (limited instanceof Error) {
    if (!/TIDEMARK_STORE_(FULL|CORRUPT|UNWRITABLE)/.test(limited.message))
      broken.push(`no clear state: ${limited.message}`);
  } else {
    const failing = startLoad(limited.url, ledger, "limited");
    await sleep(2_000);
    await failing.stop();
    if (ledger.acknowledged.size > 0 && failing.refusals[503] === undefined) broken.push("no request was answered 503");
    await limited.stop("SIGKILL");
  }
  return [...broken, ...(await wholeAfterRestart(folder, ledger))];
}

async function startLimited(folder: string): Promise<ProcessorProcess | Error> {
  const limiter = path.join(folder, "limited.mjs");
  const main = path.join(root, "packages/cli/src/main.ts");
  // The limit is set by a shell; SIGXFSZ is ignored, so that the write fails instead of the process.
  writeFileSync(
    limiter,
    `import { spawn } from "node:child_process";
const script = 'trap "" XFSZ; ulimit -f 1; exec "$0" "$@"';
const args = ["-c", script, process.execPath, "--conditions=tidemark-source", ${JSON.stringify(main)}, "serve", process.argv[2]];
const child = spawn("bash", args, { stdio: "inherit" });
process.on("SIGTERM", () => child.kill("SIGTERM"));
child.on("exit", (code) => process.exit(code ?? 1));
`,
  );
  return startProcessorProcess({ folder, command: [limiter] }).catch((error: Error) => error);
}

/** A folder that may not be written: one clear line and exit code 1, and nothing is changed. */
async function readOnly(folder: string): Promise<string[] | null> {
  const isRoot = process.getuid?.() === 0;
  const ledger = createLedger();
  const first = await startProcessorProcess({ folder });
  const load = startLoad(first.url, ledger, "before");
  await until(() => ledger.acknowledged.size > 20);
  await load.stop();
  await first.stop("SIGTERM");
  const data = path.join(folder, "data");
  const change = (mode: number, owner: number) => {
    for (const entry of ["", ...readdirSync(data, { recursive: true, encoding: "utf8" })]) {
      const name = path.join(data, entry);
      if (isRoot) chownSync(name, owner, owner);
      chmodSync(name, mode);
    }
  };
  change(0o555, 0);
  chmodSync(folder, 0o755);
  const result = spawnSync(
    process.execPath,
    [
      "--conditions=tidemark-source",
      path.join(root, "packages/cli/src/main.ts"),
      "serve",
      path.join(folder, "tidemark.yaml"),
    ],
    { encoding: "utf8", timeout: 60_000, ...(isRoot ? { uid: NOBODY, gid: NOBODY } : {}) },
  );
  change(0o755, 0);
  const broken: string[] = [];
  if (result.status !== 1) broken.push(`exit code ${result.status} where 1 is right: ${result.stderr.slice(-300)}`);
  if (!/TIDEMARK_STORE_UNWRITABLE: no permission/.test(result.stderr)) {
    broken.push(`no clear line: ${result.stderr.slice(-500)}`);
  }
  return [...broken, ...(await wholeAfterRestart(folder, ledger))];
}

/** A file of a part is torn: it is refused with its reason, and a backup made before brings back what it had. */
async function tornFile(folder: string): Promise<string[]> {
  const ledger = createLedger();
  const processor = await startProcessorProcess({ folder });
  const load: Load = startLoad(processor.url, ledger, "before");
  await until(() => ledger.acknowledged.size > 50);
  await load.stop();
  const made = await fetch(`${processor.url}/v1/backups`, { method: "POST" });
  const { name } = (await made.json()) as { name: string };
  await processor.stop("SIGTERM");
  const data = path.join(folder, "data");
  for (const file of readdirSync(data, { recursive: true, encoding: "utf8" })) {
    if (file.endsWith("data.bin")) truncateSync(path.join(data, file), 3);
  }
  const broken: string[] = [];
  const refused = await startProcessorProcess({ folder }).catch((error: Error) => error);
  if (!(refused instanceof Error)) broken.push("it starts on torn files");
  else if (!/TIDEMARK_STORE_CORRUPT: .*broken parts/.test(refused.message))
    broken.push(`no reason: ${refused.message}`);
  const cli = path.join(root, "packages/cli/src/main.ts");
  const restore = spawnSync(
    process.execPath,
    [
      "--conditions=tidemark-source",
      cli,
      "restore",
      path.join(folder, "tidemark-backups", name),
      path.join(folder, "tidemark.yaml"),
      "--yes",
    ],
    { encoding: "utf8" },
  );
  if (restore.status !== 0) broken.push(`restore: ${restore.stderr}`);
  return [...broken, ...(await wholeAfterRestart(folder, ledger))];
}

/** Under a fault a processor answers 503 or 429, says that it is not ready, and lives. */
async function refusedClearly(processor: ProcessorProcess, load: Load): Promise<string[]> {
  const broken: string[] = [];
  await until(() => (load.refusals[503] ?? 0) > 0 || processor.hasEnded());
  const ready = await fetch(`${processor.url}/readyz`);
  if (ready.status !== 503) broken.push(`/readyz says ${ready.status} while nothing can be stored`);
  if (processor.hasEnded()) broken.push(`it ended: ${processor.log().slice(-500)}`);
  const others = Object.keys(load.refusals).filter((status) => status !== "503" && status !== "429");
  if (others.length > 0) broken.push(`requests were answered ${others.join(", ")}`);
  return broken;
}

async function wholeAfterRestart(folder: string, ledger: Parameters<typeof checkLedger>[1]): Promise<string[]> {
  const processor = await startProcessorProcess({ folder }).catch((error: Error) => error);
  if (processor instanceof Error) return [`it does not start without the fault: ${processor.message.slice(-500)}`];
  const broken = await checkLedger(processor.url, ledger);
  await processor.stop("SIGTERM");
  return broken;
}

async function until(isSo: () => boolean): Promise<void> {
  for (let waitedMs = 0; !isSo(); waitedMs += 20) {
    if (waitedMs > 120_000) throw new Error("it did not come about in two minutes");
    await sleep(20);
  }
}
