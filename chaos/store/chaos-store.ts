import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createSeededRandom } from "../../bench/detection/seeded-random.ts";
import type { ChaosResult, ChaosSize } from "../chaos-result.ts";
import { createLedger } from "./acknowledged-load.ts";
import { faultRuns } from "./fault-runs.ts";
import { checkAtEnd, type KillRun, killInCompaction, killInMigration, killUnderLoad } from "./kill-runs.ts";
import { makeOldFolder } from "./old-folder.ts";

/** Runs on one data folder; then a new one is begun, so that folders are met young and old. */
const RUNS_A_FOLDER = 20;

/**
 * Kills a processor at random moments of its life: under load, while parts are merged, while tables are migrated; and fills
 * the disk, makes writing fail, takes permissions away and tears files. Promised: what was acknowledged is there, once.
 */
export async function chaosStore({ runs, seed, onRun }: ChaosSize): Promise<ChaosResult> {
  const top = mkdtempSync(path.join(tmpdir(), "tidemark-chaos-"));
  const random = createSeededRandom(`store/${seed}`);
  const counts: Record<string, number> = {};
  const broken: string[] = [];
  const take = (name: string, { broken: lines, counts: more }: KillRun) => {
    broken.push(...lines.map((line) => `${name}: ${line}`));
    for (const [what, count] of Object.entries(more)) counts[what] = (counts[what] ?? 0) + count;
  };
  try {
    for await (const { name, broken: lines } of faultRuns()) {
      const what = lines === null ? `${name}: this machine cannot make it` : `${name}: tried`;
      counts[what] = 1;
      broken.push(...(lines ?? []).map((line) => `${name}: ${line}`));
    }
    const old = path.join(top, "old");
    await makeOldFolder(old);
    let folder = "";
    let ledger = createLedger();
    for (let run = 0; run < runs; run++) {
      const name = `run ${run}`;
      if (run % RUNS_A_FOLDER === 0) {
        if (folder !== "") take(`${name}, at the end of a folder`, await atEnd(folder, ledger));
        folder = path.join(top, `folder-${run}`);
        ledger = createLedger();
      }
      if (run % 4 === 3) take(name, await killInMigration(old, path.join(top, "migrating"), random));
      else if (run % 4 === 2) take(name, await killInCompaction(folder, ledger, `compact-${run}`, random));
      else take(name, await killUnderLoad(folder, ledger, `load-${run}`, random));
      onRun(run + 1);
    }
    take("at the end", await atEnd(folder, ledger));
  } finally {
    rmSync(top, { recursive: true, force: true });
  }
  return { name: "store", runs, seed, counts, broken };
}

async function atEnd(folder: string, ledger: ReturnType<typeof createLedger>): Promise<KillRun> {
  return { broken: await checkAtEnd(folder, ledger), counts: { "predictions sent": ledger.sent.size } };
}
