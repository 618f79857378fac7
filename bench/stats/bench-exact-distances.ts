import { ksTest, wassersteinDistance } from "@tidemark/stats";
import type { BenchResult, BenchSize } from "../bench-result.ts";
import { createSeededRandom } from "../detection/seeded-random.ts";
import { cpuSecondsOf } from "./cpu-seconds.ts";
import { runPeer } from "./run-peer.ts";

const FEATURES = { quick: 1, default: 5, full: 20 } as const;
const ROWS = { quick: 200_000, default: 1_000_000, full: 1_000_000 } as const;

interface SciPySeconds {
  readonly scipy: string;
  readonly ks: number;
  readonly wasserstein: number;
}

/** KS and Wasserstein of raw values, exact, beside SciPy's. */
export function benchExactDistances(size: BenchSize): BenchResult[] {
  const [features, rows] = [FEATURES[size], ROWS[size]];
  const scipy = runPeer<SciPySeconds>("scipy_distances.py", [features, rows]);
  const random = createSeededRandom("exact");
  const seconds = { ks: 0, wasserstein: 0 };
  for (let feature = 0; feature < features; feature++) {
    const [reference, window] = [0, 1].map(() => Float64Array.from({ length: rows }, random.normal)) as [
      Float64Array,
      Float64Array,
    ];
    seconds.ks += cpuSecondsOf(() => ksTest(reference, window));
    seconds.wasserstein += cpuSecondsOf(() => wassersteinDistance({ values: reference }, { values: window }));
  }
  console.log(`\nexact distances of raw values, ${features} features, ${rows} rows against ${rows}, CPU seconds`);
  return (["ks", "wasserstein"] as const).map((name) => {
    const peer = scipy === null ? null : scipy[name];
    const beside = peer === null ? "" : ` | SciPy ${scipy!.scipy} ${peer.toFixed(2)}`;
    console.log(`${name.padEnd(36)} ${seconds[name].toFixed(2)}${beside}`);
    return {
      name: `exact ${name}`,
      value: seconds[name],
      unit: "CPU s",
      against: peer === null ? null : `SciPy ${scipy!.scipy}: ${peer.toFixed(2)}`,
      ratio: peer === null ? null : peer / seconds[name],
    };
  });
}
