import {
  Adwin,
  type ChangeDetector,
  createDetectionReference,
  Ddm,
  EDetector,
  Eddm,
  Fhddm,
  HddmA,
  HddmW,
  judgeWindow,
  Kswin,
  PageHinkley,
} from "@tidemark/stats";
import type { BenchResult, BenchSize } from "../bench-result.ts";
import { createSeededRandom } from "../detection/seeded-random.ts";
import { cpuSecondsOf } from "./cpu-seconds.ts";
import { runPeer } from "./run-peer.ts";

const VALUES = { quick: 20_000, default: 1_000_000, full: 1_000_000 } as const;
const BINS = 20;
/** Runs of which the median counts. */
const RUNS = 3;

interface Timed {
  readonly name: string;
  readonly unit: "ns a value" | "ns a look" | "ns a window";
  readonly calls: number;
  /** Its name in river_detectors.py; null where river has no such detector. */
  readonly river: string | null;
  run(calls: number): void;
}

/** What one value, one look or one window costs each detector. */
export function benchDetectors(size: BenchSize): BenchResult[] {
  const values = Float64Array.from({ length: VALUES[size] }, createSeededRandom("detectors").normal);
  const errors = values.map((value) => (value > 1 ? 1 : 0));
  console.log("\ndetectors, CPU time, one core");
  const river = runPeer<RiverTimes>("river_detectors.py", [VALUES[size]]);
  console.log(river === null ? "river is not here: nothing beside it" : `beside river ${river.river}, in the same run`);
  const timed = [
    changeDetector("ADWIN", () => new Adwin(), values),
    changeDetector("Page-Hinkley", () => new PageHinkley(), values),
    changeDetector("KSWIN", () => new Kswin(), values.subarray(0, values.length / 20)),
    changeDetector("DDM", () => new Ddm(), errors),
    changeDetector("EDDM", () => new Eddm(), errors),
    changeDetector("HDDM-A", () => new HddmA(), errors),
    changeDetector("HDDM-W", () => new HddmW(), errors),
    changeDetector("FHDDM", () => new Fhddm(), errors),
    eDetector(values),
    windowVerdict(),
  ];
  return timed.map((work) => toResult(work, river));
}

/** What river_detectors.py prints. */
interface RiverTimes {
  readonly river: string;
  readonly nanoseconds: Readonly<Record<string, number>>;
}

function changeDetector(name: string, create: () => ChangeDetector, values: Float64Array): Timed {
  const run = (calls: number) => {
    const detector = create();
    for (let i = 0; i < calls; i++) detector.update(values[i]!);
  };
  return { name, unit: "ns a value", calls: values.length, river: name, run };
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
    river: null,
    run,
  };
}

function windowVerdict(): Timed {
  const reference = createDetectionReference(new Array<number>(BINS).fill(1_000), "numeric");
  const counts = new Array<number>(BINS).fill(50);
  const run = (calls: number) => {
    for (let i = 0; i < calls; i++) judgeWindow([{ reference, counts }], { variance: [1, 1] });
  };
  return { name: "window verdict, 20 bins", unit: "ns a window", calls: 20_000, river: null, run };
}

function toResult({ name, unit, calls, river, run }: Timed, times: RiverTimes | null): BenchResult {
  run(Math.ceil(calls / 10));
  const runs = Array.from({ length: RUNS }, () => cpuSecondsOf(() => run(calls)) / calls).sort((a, b) => a - b);
  const nanoseconds = 1e9 * runs[RUNS >> 1]!;
  const peer = river === null || times === null ? null : times.nanoseconds[river]!;
  console.log(
    `${name.padEnd(36)} ${nanoseconds.toFixed(0)} ${unit}${peer === null ? "" : ` | river ${peer.toFixed(0)}`}`,
  );
  return {
    name,
    value: nanoseconds,
    unit,
    against: peer === null ? null : `river ${times!.river}: ${peer.toFixed(0)}`,
    ratio: peer === null ? null : peer / nanoseconds,
  };
}
