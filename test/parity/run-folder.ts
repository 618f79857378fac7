import { readdirSync } from "node:fs";
import { join } from "node:path";
import { compare } from "./compare.ts";
import { exclusionOf } from "./exclusions.ts";
import { type FixtureCase, readFixtureFile } from "./fixture-file.ts";
import { reproductions } from "./reproductions.ts";

interface Failure {
  readonly id: string;
  readonly reason: string;
}

export interface FileReport {
  readonly name: string;
  readonly passed: number;
  readonly failed: readonly Failure[];
  /** Cases left out, by reason. */
  readonly excluded: ReadonlyMap<string, number>;
  readonly worstRelativeError: number;
}

/** Runs every case of every fixture file of a folder through the public functions; files that only hold inputs are left out. */
export function runFolder(folder: string): FileReport[] {
  const reports: FileReport[] = [];
  for (const name of readdirSync(folder).sort()) {
    if (!name.endsWith(".json")) continue;
    const { cases } = readFixtureFile(join(folder, name));
    if (cases !== null) reports.push(runCases(name, cases));
  }
  return reports;
}

function runCases(name: string, cases: readonly FixtureCase[]): FileReport {
  const failed: Failure[] = [];
  const excluded = new Map<string, number>();
  let passed = 0;
  let worstRelativeError = 0;
  for (const entry of cases) {
    const reason = exclusionOf(name, entry);
    if (reason !== null) {
      excluded.set(reason, (excluded.get(reason) ?? 0) + 1);
      continue;
    }
    const outcome = runCase(entry);
    if (outcome.equal) {
      passed += 1;
      worstRelativeError = Math.max(worstRelativeError, outcome.relativeError);
    } else failed.push({ id: `${entry.fn} ${entry.id}`, reason: outcome.reason });
  }
  return { name, passed, failed, excluded, worstRelativeError };
}

function runCase(entry: FixtureCase): ReturnType<typeof compare> {
  const reproduction = reproductions.get(entry.fn);
  if (reproduction === undefined) return { equal: false, reason: `no function reproduces ${entry.fn}` };
  let actual: unknown;
  try {
    actual = reproduction.run(entry);
  } catch (error) {
    if (!(error instanceof RangeError)) return { equal: false, reason: `threw ${error}` };
    actual = error;
  }
  const own = entry.tolerance;
  const tolerance = own === undefined ? reproduction.tolerance : { relative: own, farTail: own, absolute: 0, scale: 1 };
  return compare(entry.expected, actual, tolerance);
}
