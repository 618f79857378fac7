import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { folderOwner } from "@tidemark/processor";
import { TidemarkError } from "@tidemark/semconv";

/** Where the demo keeps what it makes. */
export interface DemoFolder {
  readonly path: string;
  /** For people, and kept: the configuration, the profile, the report and the predictions with their outcomes. */
  readonly config: string;
  readonly profile: string;
  readonly report: string;
  readonly predictions: string;
  readonly store: string;
  /** The traffic, and the reference's rows; removed at the end. */
  readonly flights: string;
  readonly reference: string;
  readonly scored: string;
}

/**
 * Makes the folder and removes what an earlier run left in it.
 * Throws TidemarkError `storeLocked` where that run is still alive.
 */
export async function prepareDemoFolder(directory: string): Promise<DemoFolder> {
  const folder = layout(path.resolve(directory));
  const owner = folderOwner(folder.store);
  if (owner !== null) {
    throw new TidemarkError("storeLocked", `a demo runs in ${folder.path} already (process ${owner})`, {
      fix: "Stop it, or give this one another folder with --dir.",
    });
  }
  await mkdir(folder.path, { recursive: true });
  await rm(folder.store, { recursive: true, force: true });
  return folder;
}

/** Removes what nobody needs after the demo. */
export async function removeScratch({ flights, reference, scored }: DemoFolder): Promise<void> {
  for (const file of [flights, reference, scored]) await rm(file, { force: true });
}

function layout(folder: string): DemoFolder {
  const at = (name: string) => path.join(folder, name);
  return {
    path: folder,
    config: at("tidemark.yaml"),
    profile: at("flight-delay.profile.json"),
    report: at("report.html"),
    predictions: at("predictions.parquet"),
    store: at("store"),
    flights: at("flights.jsonl"),
    reference: at("reference.jsonl"),
    scored: at("reference-scored.jsonl"),
  };
}
