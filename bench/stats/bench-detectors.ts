import {
  Adwin,
  type ChangeDetector,
  createDetectionReference,
  Ddm,
  EDetector,
  HddmA,
  judgeWindow,
  Kswin,
  PageHinkley,
} from "@tidemark/stats";
import type { BenchResult, BenchSize } from "../bench-result.ts";
import { createSeededRandom } from "../detection/seeded-random.ts";
import { cpuSecondsOf } from "./cpu-seconds.ts";

const VALUES = { quick: 20_000, default: 1_000_000, full: 1_000_000 } as const;
const BINS = 20;

interface Timed {
  readonly name: string;
  readonly unit: "ns a value" | "ns a look" | "ns a window";
  readonly calls: number;
  /** river's values a second, from an earlier run on another day; null where river has no such detector. */
  readonly riverPerSecond: number | null;
  run(calls: number): void;
}

/** What one value, one look or one window costs each detector. */
export function benchDetectors(size: BenchSize): BenchResult[] {
  const values = Float64Array.from({ length: VALUES[size] }, createSeededRandom("detectors").normal);
  const errors = values.map((value) => (value > 1 ? 1 : 0));
  console.log("\ndetectors, CPU time, one core");
  const timed = [
    changeDetector("ADWIN", () => new Adwin(), values, 6.5e6),
    changeDetector("Page-Hinkley", () => new PageHinkley(), values, 2.3e6),
    changeDetector("DDM", () => new Ddm(), errors, 2.6e6),
    changeDetector("HDDM-A", () => new HddmA(), errors, 0.49e6),
    changeDetector("KSWIN", () => new Kswin(), values.subarray(0, values.length / 20), 4.8e3),
    eDetector(values),
    windowVerdict(),
  ];
  return timed.map(toResult);
}

function changeDetector(
  name: string,
  create: () => ChangeDetector,
  values: Float64Array,
  riverPerSecond: number,
): Timed {
  const run = (calls: number) => {
    const detector = create();
    for (let i = 0; i < calls; i++) detector.update(values[i]!);
  };
  return { name, unit: "ns a value", calls: values.length, riverPerSecond, run };
}

function eDetector(values: Float64Array): Timed {
  const reference = createDetectionReference(new Array<number>(BINS).fill(1_000), "numeric");
  const run = (calls: number) => {
    const detector = new EDetector({ references: [reference], alarmLooks: 100_000, initialVariance: [1, 1] });
    const counts = new Float64Array(BINS);
    for (let i = 0; i < calls; i++) {
      const bin = Math.max(0, Math.min(BINS - 1, Math.floor(BINS / 2 + 4 * values[i]!)));
      counts[bin] = 1;
      detector.look(counts);
      counts[bin] = 0;
    }
  };
  return {
    name: "e-detector, one row a look, 20 bins",
    unit: "ns a look",
    calls: values.length / 5,
    riverPerSecond: null,
    run,
  };
}

function windowVerdict(): Timed {
  const reference = createDetectionReference(new Array<number>(BINS).fill(1_000), "numeric");
  const counts = new Array<number>(BINS).fill(50);
  const run = (calls: number) => {
    for (let i = 0; i < calls; i++) judgeWindow([{ reference, counts }], { variance: [1, 1] });
  };
  return { name: "window verdict, 20 bins", unit: "ns a window", calls: 20_000, riverPerSecond: null, run };
}

function toResult({ name, unit, calls, riverPerSecond, run }: Timed): BenchResult {
  run(Math.ceil(calls / 10));
  const nanoseconds = (1e9 * cpuSecondsOf(() => run(calls))) / calls;
  const river = riverPerSecond === null ? null : 1e9 / riverPerSecond;
  console.log(
    `${name.padEnd(36)} ${nanoseconds.toFixed(0)} ${unit}${river === null ? "" : ` | river ${river.toFixed(0)}`}`,
  );
  return {
    name,
    value: nanoseconds,
    unit,
    against: river === null ? null : `river, measured earlier: ${river.toFixed(0)}`,
    ratio: river === null ? null : river / nanoseconds,
  };
}
