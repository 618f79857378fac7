import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, rmSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { SeededRandom } from "../../bench/detection/seeded-random.ts";
import { root } from "../../scripts/run.ts";
import { startProcessorProcess } from "../processor/processor-process.ts";
import { type Ledger, startLoad } from "./acknowledged-load.ts";
import { checkLedger } from "./check-ledger.ts";
import { OLD_OUTCOMES } from "./old-folder.ts";

/** A moment of the process's life, up to this long after it listens or after its start. */
const LOAD_MS = 1_500;
const COMPACTION_MS = 3_000;
const MIGRATION_MS = 2_500;

/** What came of one run: a line for each broken promise, and what was counted. */
export interface KillRun {
  readonly broken: readonly string[];
  readonly counts: Readonly<Record<string, number>>;
}

/** Kills a processor under load at a random moment, starts it again, and compares what it holds. */
export async function killUnderLoad(
  folder: string,
  ledger: Ledger,
  name: string,
  random: SeededRandom,
): Promise<KillRun> {
  const processor = await startProcessorProcess({ folder });
  const broken = await checkLedger(processor.url, ledger);
  const before = ledger.acknowledged.size;
  const load = startLoad(processor.url, ledger, name);
  await sleep(random.uniform() * LOAD_MS);
  await processor.stop("SIGKILL");
  await load.stop();
  return { broken, counts: { "kills under load": 1, "predictions acknowledged": ledger.acknowledged.size - before } };
}

/** Kills a process that merges all parts while rows come, at a random moment. What it acknowledged it printed. */
export async function killInCompaction(
  folder: string,
  ledger: Ledger,
  name: string,
  random: SeededRandom,
): Promise<KillRun> {
  const { child, output } = run("compact-folder.ts", [path.join(folder, "data"), name]);
  await until(() => output().includes("\n") || hasEnded(child));
  await sleep(random.uniform() * COMPACTION_MS);
  await kill(child);
  // A line without its end was being printed: its batch was stored, which is what counts as sent.
  for (const id of output().split("\n").slice(0, -1)) {
    ledger.acknowledged.add(id);
  }
  const acknowledged = output().split("\n").length - 1;
  for (let batch = 0; batch <= acknowledged / 50 + 1; batch++) {
    for (let index = 0; index < 50; index++) ledger.sent.add(`${name}-${batch}-${index}`);
  }
  const broken = acknowledged === 0 ? [`it acknowledged nothing: ${output().slice(0, 300)}`] : [];
  return { broken, counts: { "kills in compaction": 1, "predictions acknowledged": acknowledged } };
}

/** Kills a process that migrates a folder of the first version at a random moment, and lets another one finish. */
export async function killInMigration(old: string, folder: string, random: SeededRandom): Promise<KillRun> {
  rmSync(folder, { recursive: true, force: true });
  cpSync(old, folder, { recursive: true });
  const first = run("open-folder.ts", [folder]);
  await sleep(random.uniform() * MIGRATION_MS);
  await kill(first.child);
  const again = run("open-folder.ts", [folder]);
  const [code] = (await again.ended) as [number | null];
  const want = JSON.stringify({ rows: OLD_OUTCOMES, ids: OLD_OUTCOMES });
  const broken =
    code === 0 && again.output().trim().endsWith(want)
      ? []
      : [`after a migration that was killed it ends with ${code}: ${again.output().slice(-300)}; want ${want}`];
  return { broken, counts: { "kills in migration": 1 } };
}

/** After all: everything that was sent is there once, also what had no answer and was sent again. */
export async function checkAtEnd(folder: string, ledger: Ledger): Promise<string[]> {
  const processor = await startProcessorProcess({ folder });
  const load = startLoad(processor.url, ledger, "end");
  await until(() => ledger.waiting.size === 0);
  await load.stop();
  const broken = await checkLedger(processor.url, ledger);
  const code = await processor.stop("SIGTERM");
  return code === 0 ? broken : [...broken, `it ended with ${code}`];
}

function run(script: string, args: readonly string[]) {
  const file = path.join(root, "chaos/store", script);
  const child = spawn(process.execPath, ["--conditions=tidemark-source", file, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += String(chunk)));
  return { child, output: () => output, ended: once(child, "exit") };
}

async function kill(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function until(isSo: () => boolean): Promise<void> {
  for (let waitedMs = 0; !isSo(); waitedMs += 20) {
    if (waitedMs > 120_000) throw new Error("it did not come about in two minutes");
    await sleep(20);
  }
}
