import { execFileSync } from "node:child_process";
import path from "node:path";
import type { BenchResult, BenchSize } from "../bench-result.ts";

interface Quantiles {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
}

/** Microseconds that the whole instrumentation may add to the median. */
const TARGETS = { unsampled: 1.5, sampled: 5 } as const;
const RUNS = { quick: 1, default: 3, full: 5 } as const;

/**
 * Latency of a small onnxruntime model with automatic instrumentation, beside two runs without it in the same process, in
 * blocks that alternate, all within the span of a request. Unsampled: counted, neither span nor event; sampled: both, for
 * every call.
 */
export function benchOnnx(size: BenchSize): BenchResult[] {
  const runs = Array.from({ length: RUNS[size] }, () => measureOnce(size));
  const results: BenchResult[] = [];
  console.log("\nA call of a small onnxruntime model, microseconds of wall time; median of the runs");
  for (const quantile of ["p50", "p90", "p99"] as const) {
    const without = runs.flatMap((run) => [run["without"]![quantile], run["without again"]![quantile]]);
    const [lowest, highest] = [Math.min(...without), Math.max(...without)];
    console.log(
      `${quantile}  without     ${median(without).toFixed(1)}  (${lowest.toFixed(1)} to ${highest.toFixed(1)} over ${without.length} times)`,
    );
    for (const mode of ["unsampled", "sampled"] as const) {
      const value = median(runs.map((run) => run[mode]![quantile]));
      const added = median(
        runs.map((run) => run[mode]![quantile] - (run["without"]![quantile] + run["without again"]![quantile]) / 2),
      );
      const met = { p50: added <= TARGETS[mode], p90: null, p99: value <= highest }[quantile];
      const target = quantile === "p50" ? `target +${TARGETS[mode]}` : "target: within the spread without";
      const verdict = met === null ? "" : `${target}: ${met ? "met" : "missed"}`;
      console.log(
        `${quantile}  ${mode.padEnd(10)}  ${value.toFixed(1)}  (${added >= 0 ? "+" : ""}${added.toFixed(2)})  ${verdict}`,
      );
      const ratio = median(without) / value;
      results.push({ name: `onnx ${quantile}: added ${mode}`, value: added, unit: "us", against: "without", ratio });
    }
  }
  return results;
}

function measureOnce(size: BenchSize): Readonly<Record<string, Quantiles>> {
  const script = path.resolve(import.meta.dirname, "onnx-latency.ts");
  const rounds = size === "quick" ? "5" : "40";
  const output = execFileSync(process.execPath, ["--conditions=tidemark-source", script, rounds, "1000"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  const { modes, predictions } = JSON.parse(output) as { modes: Record<string, Quantiles>; predictions: number };
  if (predictions === 0) throw new Error("the instrumentation saw no call: what was measured is the model alone");
  return modes;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}
