import type { BenchOptions } from "../bench-options.ts";
import type { BenchResult, BenchSize } from "../bench-result.ts";
import { benchFootprint } from "./bench-footprint.ts";
import { benchOnnx } from "./bench-onnx.ts";
import { benchRecording } from "./bench-recording.ts";
import { benchSampling } from "./bench-sampling.ts";

const PARTS: Readonly<Record<string, (size: BenchSize) => BenchResult[] | Promise<BenchResult[]>>> = {
  recording: benchRecording,
  footprint: benchFootprint,
  onnx: benchOnnx,
  sampling: benchSampling,
};

/** What the instrumentation costs a service, and whether its samples tell the truth. */
export async function benchInstrumentation({ size, part }: BenchOptions): Promise<BenchResult[]> {
  const parts = part === null ? Object.values(PARTS) : [PARTS[part]];
  const results: BenchResult[] = [];
  for (const bench of parts) {
    if (bench === undefined) throw new RangeError(`part is ${part}; this benchmark has ${Object.keys(PARTS)}`);
    results.push(...(await bench(size)));
  }
  return results;
}
