import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { metric } from "@tidemark/semconv";
import type { BenchResult } from "../bench-result.ts";
import { readNpy } from "./read-npy.ts";
import { judgeVectors, profileOfVectors } from "./vector-reference.ts";

const WINDOW_ROWS = 500;
const DAY_MS = 86_400_000;
const REFERENCE = "reference.npy";

/** Verdicts on windows of 500 rows of every array of a folder (`minilm_vectors.py`), against its reference.npy. */
export function benchRealVectors(folder: string): BenchResult[] {
  const { values, rows, dimension } = readNpy(join(folder, REFERENCE));
  const profile = profileOfVectors({ values, hours: new Int32Array(rows) }, dimension, false);
  console.log(
    "| vectors | windows | critical | warning | mean shift of the centroid | cosine | CPU a window |\n|---|---|---|---|---|---|---|",
  );
  return readdirSync(folder)
    .filter((file) => file.endsWith(".npy") && file !== REFERENCE)
    .sort()
    .map((file) => {
      const array = readNpy(join(folder, file));
      const size = WINDOW_ROWS * dimension;
      const found = { windows: 0, critical: 0, warning: 0, shift: 0, cosine: 0 };
      const start = process.cpuUsage();
      for (let from = 0; from + size <= array.values.length; from += size) {
        const window = { values: array.values.slice(from, from + size), hours: new Int32Array(WINDOW_ROWS) };
        const findings = judgeVectors(profile, window, dimension, DAY_MS);
        const verdict = findings.find((finding) => finding.metric === metric.driftSeverity)!;
        found.windows += 1;
        if (verdict.state === "critical") found.critical += 1;
        if (verdict.state === "warning") found.warning += 1;
        found.shift += verdict.evidence.numbers["centroidShift"]!;
        found.cosine += verdict.evidence.numbers["cosine"]!;
      }
      const { user, system } = process.cpuUsage(start);
      const { windows, critical, warning } = found;
      const name = basename(file, ".npy");
      console.log(
        `| ${name} | ${windows} | ${critical} | ${warning} | ${(found.shift / windows).toFixed(3)} | ${(found.cosine / windows).toFixed(3)} | ${((user + system) / 1000 / windows).toFixed(0)} ms |`,
      );
      return {
        name: `embeddings: critical, ${name}`,
        value: critical,
        unit: `of ${windows}`,
        against: null,
        ratio: null,
        trials: windows,
      };
    });
}
