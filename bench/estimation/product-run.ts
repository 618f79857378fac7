import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Measurement } from "@tidemark/schema";
import type { FeatureColumn } from "@tidemark/stats";

/** Rows of a file as `tidemark profile` and `tidemark replay` take it: what the model said, what came true, and its inputs. */
export interface ProductRows {
  readonly count: number;
  /** Columns of the prediction and the outcome: score, label, value, outcome_label, outcome_value. */
  readonly columns: Readonly<Record<string, ArrayLike<number | string>>>;
  readonly features: Readonly<Record<string, FeatureColumn>>;
}

export interface ProductSet {
  readonly name: string;
  readonly type: "classification" | "regression";
  readonly positiveLabel: string | null;
  readonly reference: ProductRows;
  readonly windows: readonly ProductRows[];
}

/** Measurements of each window, as a user gets them. */
export interface ProductRun {
  /** `labelled`: outcomes came two days late. */
  readonly labelled: readonly (readonly Measurement[])[];
  readonly unlabelled: readonly (readonly Measurement[])[];
}

const DAY_MS = 86_400_000;
const FIRST_MS = Date.UTC(2020, 2, 2);
/** The newest window whose outcomes are known when a window is judged is so many before it. */
export const OUTCOME_DELAY_WINDOWS = 2;
const DELAY_MS = OUTCOME_DELAY_WINDOWS * DAY_MS;
/** Under two weeks: a reference without a season, since windows of a set are no days of a week. */
const REFERENCE_DAYS = 12;
const CLI = join(import.meta.dirname, "../../packages/cli/src/main.ts");

/** `tidemark profile` on a set's reference and `tidemark replay` over its windows, a day each, with outcomes and without. */
export function runProduct(set: ProductSet): ProductRun {
  const folder = mkdtempSync(join(tmpdir(), "tidemark-estimation-"));
  try {
    writeRows(join(folder, "reference.jsonl"), [set.reference], {
      firstMs: FIRST_MS - (REFERENCE_DAYS + 1) * DAY_MS,
      lengthMs: REFERENCE_DAYS * DAY_MS,
      hasOutcomes: true,
    });
    writeFileSync(
      join(folder, "tidemark.yaml"),
      `models:\n  - name: ${set.name}\n    profile: profile.json\n    windows: [24h]\n`,
    );
    const isNumeric = (name: string) =>
      set.reference.features[name]!.every((value) => value === null || typeof value === "number");
    const names = Object.keys(set.reference.features);
    const flag = (option: string, column: string, from = column) =>
      from in set.reference.columns ? [option, column] : [];
    tidemark(folder, [
      ...["profile", "reference.jsonl", "--model", set.name, "--type", set.type, "--time", "time"],
      ...list("--numeric", names.filter(isNumeric)),
      ...list(
        "--categorical",
        names.filter((name) => !isNumeric(name)),
      ),
      ...[...flag("--score", "score"), ...flag("--label", "label"), ...flag("--value", "value")],
      ...[...flag("--outcome", "outcome_label"), ...flag("--outcome", "outcome_value")],
      ...(set.positiveLabel === null ? [] : ["--positive", set.positiveLabel]),
    ]);
    const replay = (hasOutcomes: boolean) => {
      writeRows(join(folder, "records.jsonl"), set.windows, { firstMs: FIRST_MS, lengthMs: DAY_MS, hasOutcomes });
      tidemark(folder, ["replay", "records.jsonl", "--model", set.name]);
      const run = JSON.parse(readFileSync(join(folder, "run.json"), "utf8")) as { measurements: Measurement[] };
      const byStart = Map.groupBy(run.measurements, ({ window }) => Date.parse(window.start));
      return set.windows.map((_, w) => byStart.get(FIRST_MS + w * DAY_MS) ?? []);
    };
    return { labelled: replay(true), unlabelled: replay(false) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Each part's rows evenly over its own stretch of time. */
function writeRows(
  path: string,
  parts: readonly ProductRows[],
  { firstMs, lengthMs, hasOutcomes }: { firstMs: number; lengthMs: number; hasOutcomes: boolean },
): void {
  const lines = parts.flatMap(({ count, columns, features }, part) =>
    Array.from({ length: count }, (_, i) => {
      const ms = firstMs + part * lengthMs + Math.floor((i * lengthMs) / count);
      const own = Object.entries(columns).filter(([name]) => hasOutcomes || !name.startsWith("outcome_"));
      return JSON.stringify({
        id: `${part}-${i}`,
        time: new Date(ms).toISOString(),
        version: "1",
        role: "champion",
        ...Object.fromEntries(own.map(([name, column]) => [name, column[i]])),
        ...(hasOutcomes ? { outcome_time: new Date(ms + DELAY_MS).toISOString() } : {}),
        ...Object.fromEntries(Object.entries(features).map(([name, column]) => [name, column[i]])),
      });
    }),
  );
  writeFileSync(path, lines.join("\n"));
}

function list(option: string, names: readonly string[]): string[] {
  return names.length > 0 ? [option, names.join()] : [];
}

function tidemark(folder: string, command: readonly string[]): void {
  const { status, stderr } = spawnSync(process.execPath, ["--conditions=tidemark-source", CLI, ...command], {
    cwd: folder,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`tidemark ${command[0]} ended with ${status}: ${stderr}`);
}
