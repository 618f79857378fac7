import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { TidemarkError } from "@tidemark/semconv";
import type { EngineSession } from "./engine-session.ts";
import { parseRows } from "./parse-rows.ts";

/** A part of a table: the range of its block numbers, which only grows when parts are merged. */
export interface Part {
  readonly table: string;
  readonly partition: string;
  readonly first: number;
  readonly last: number;
  readonly rows: number;
}

const FILE = "parts.json";

const PARTS = `
  SELECT table, partition_id AS partition, toFloat64(min_block_number) AS first, toFloat64(max_block_number) AS last,
    toFloat64(rows) AS rows
  FROM system.parts WHERE active AND database = currentDatabase() ORDER BY table, partition, first`;

/** The parts of every table as they are now. */
export async function listParts(session: EngineSession): Promise<Part[]> {
  return parseRows<Part>(await session.run(PARTS, {}, "JSONEachRow"));
}

/**
 * Writes down which parts there are. The engine notices a damaged part, but not one whose folder is gone as a whole: such
 * a table simply has fewer rows.
 */
export function writeManifest(folder: string, parts: readonly Part[]): void {
  const path = join(folder, FILE);
  const file = openSync(`${path}.tmp`, "w");
  try {
    writeSync(file, `${JSON.stringify({ format: "tidemark.parts/1", parts })}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(`${path}.tmp`, path);
  syncNames(folder);
}

/** Before parts are removed on purpose: after a power loss the list must not be back while the parts are gone. */
export function forgetManifest(folder: string): void {
  rmSync(join(folder, FILE), { force: true });
  syncNames(folder);
}

function syncNames(folder: string): void {
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/**
 * Throws TidemarkError `storeCorrupt` where blocks that were written down are in no part. A list that is missing or torn
 * is no reason to refuse: it is written again.
 */
export function checkManifest(folder: string, parts: readonly Part[]): void {
  const missing = readManifest(folder).filter((noted) => !isCovered(noted, parts));
  const [first] = missing;
  if (first === undefined) return;
  const { table, partition, rows } = first;
  throw new TidemarkError(
    "storeCorrupt",
    `${missing.length} parts that were stored are gone, among them ${rows} rows of the table ${table}, partition ${partition}`,
    {
      fix: `Restore a backup with \`tidemark restore\`; to go on without these rows, remove ${join(folder, FILE)}.`,
    },
  );
}

/** A merged part takes the place of those whose blocks it spans; where a merge was torn, those have its place again. */
function isCovered(noted: Part, parts: readonly Part[]): boolean {
  const ofPartition = parts
    .filter(({ table, partition }) => table === noted.table && partition === noted.partition)
    .sort((a, b) => a.first - b.first);
  let next = noted.first;
  for (const { first, last } of ofPartition) if (first <= next) next = Math.max(next, last + 1);
  return next > noted.last;
}

function readManifest(folder: string): Part[] {
  try {
    const { parts } = JSON.parse(readFileSync(join(folder, FILE), "utf8")) as { parts: Part[] };
    return parts;
  } catch {
    return [];
  }
}
