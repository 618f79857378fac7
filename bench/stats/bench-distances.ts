import { createExplicitHistogram, type ExplicitHistogram } from "@tidemark/sketches";
import { jsDistanceFromCounts, ksFromBins, psiFromCounts, wassersteinFromBins } from "@tidemark/stats";
import type { BenchResult, BenchSize } from "../bench-result.ts";
import { createSeededRandom } from "../detection/seeded-random.ts";
import { cpuSecondsOf } from "./cpu-seconds.ts";
import { runPeer } from "./run-peer.ts";

const FEATURES = { quick: 2, default: 20, full: 20 } as const;
const ROWS = { quick: 200_000, default: 1_000_000, full: 1_000_000 } as const;
/** numpy's own, and those of a profile. */
const BINS = [10, 120] as const;
const NUMPY_BINS = 10;

interface NumpySeconds {
  readonly numpy: string;
  /** np.quantile of the reference, then np.histogram of both sides. */
  readonly quantile_histogram: number;
  /** Edges given; np.searchsorted and np.bincount of both sides. */
  readonly frozen_searchsorted: number;
}

interface DistanceSeconds {
  readonly binning: number;
  readonly distances: number;
}

/** PSI, Jensen-Shannon, KS and Wasserstein of all features from frozen boundaries, raw values counted on the way. */
export function benchDistances(size: BenchSize): BenchResult[] {
  const plan = { features: FEATURES[size], rows: ROWS[size], bins: NUMPY_BINS };
  const values = 2 * plan.features * plan.rows;
  console.log(`\n${plan.features} numeric features, ${plan.rows} rows against ${plan.rows}, CPU seconds, one core`);
  const numpy = runPeer<NumpySeconds>("numpy_distances.py", [plan.features, plan.rows, plan.bins]);
  if (numpy === null) console.log("numpy is not here: nothing beside it");
  else printNumpy(numpy);
  return BINS.flatMap((bins) => {
    const { binning, distances } = measureOurs(plan.features, plan.rows, bins);
    const total = binning + distances;
    const nanoseconds = (1e9 * binning) / values;
    console.log(
      `ours, ${bins} bins: counting ${binning.toFixed(3)} s (${nanoseconds.toFixed(1)} ns a value), ` +
        `PSI + JS + KS + Wasserstein with bounds ${(1e3 * distances).toFixed(2)} ms`,
    );
    return [
      {
        name: `PSI + JS + KS + Wasserstein with bounds, ${bins} bins, counting included`,
        value: total,
        unit: "CPU s",
        against:
          numpy === null ? null : `numpy ${numpy.numpy}, PSI alone on ${NUMPY_BINS} bins: ${numpy.quantile_histogram}`,
        ratio: numpy === null ? null : numpy.quantile_histogram / total,
      },
    ];
  });
}

function printNumpy({ numpy, quantile_histogram, frozen_searchsorted }: NumpySeconds): void {
  console.log(
    `numpy ${numpy}, PSI alone, ${NUMPY_BINS} bins: quantile + histogram ${quantile_histogram.toFixed(3)} s; ` +
      `given edges, searchsorted + bincount ${frozen_searchsorted.toFixed(3)} s`,
  );
}

function measureOurs(features: number, rows: number, bins: number): DistanceSeconds {
  const random = createSeededRandom("stats");
  const reference = new Float64Array(rows);
  const window = new Float64Array(rows);
  let binning = 0;
  let distances = 0;
  for (let feature = 0; feature < features; feature++) {
    fillNormal(reference, random.normal);
    fillNormal(window, random.normal);
    const boundaries = quantilesOf(reference, bins);
    const sides = [createExplicitHistogram(boundaries), createExplicitHistogram(boundaries)] as const;
    binning += cpuSecondsOf(() => {
      countValues(sides[0], reference);
      countValues(sides[1], window);
    });
    const samples = { boundaries, window: Array.from(sides[1].counts), reference: Array.from(sides[0].counts) };
    distances += cpuSecondsOf(() => {
      psiFromCounts(samples.window, samples.reference);
      jsDistanceFromCounts(samples.window, samples.reference);
      ksFromBins(samples);
      wassersteinFromBins({ ...samples, min: -10, max: 10 });
    });
  }
  return { binning, distances };
}

function countValues(histogram: ExplicitHistogram, values: Float64Array): void {
  for (let i = 0; i < values.length; i++) histogram.record(values[i]!);
}

function fillNormal(values: Float64Array, normal: () => number): void {
  for (let i = 0; i < values.length; i++) values[i] = normal();
}

function quantilesOf(values: Float64Array, bins: number): number[] {
  const sorted = values.slice().sort();
  return Array.from({ length: bins - 1 }, (_, k) => sorted[Math.floor(((k + 1) * sorted.length) / bins)]!);
}
