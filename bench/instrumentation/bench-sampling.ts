import { createTidemark, type Sampling } from "@tidemark/instrumentation";
import {
  binaryScores,
  createDetectionReference,
  judgeWindow,
  type WindowVerdict,
  wilsonInterval,
} from "@tidemark/stats";
import type { BenchResult, BenchSize } from "../bench-result.ts";
import { createSeededRandom } from "../detection/seeded-random.ts";

const ROWS = 100_000;
const RUNS = { quick: 10, default: 50, full: 200 } as const;
const BINS = 20;
const REFERENCE_ROWS = 20_000;

/** Each keeps about one record in a hundred. */
const SCHEMES: Readonly<Record<string, Sampling>> = {
  "1 % by id": { probability: 0.01 },
  "strata: rare class 5 %, uncertain 3 %, rest 0.7 %": {
    probability: 0.007,
    strata: [
      { label: "positive", probability: 0.05 },
      { scoreBetween: [0.35, 0.5], probability: 0.03 },
    ],
  },
  "reservoir of 100 in 10,000": { reservoir: { size: 100, intervalMs: 10_000 } },
};

/** One prediction with its truth, and what it weighs in a sample. */
interface Row {
  readonly feature: number;
  readonly score: number;
  readonly positive: boolean;
}

/** How often what a sample says, with its stated interval, agrees with all records. */
interface Agreement {
  readonly runs: number;
  readonly within: Map<string, number>;
}

/**
 * Whether drift and performance from a weighted sample agree with those of all records within their stated intervals.
 * Events come out of the instrumentation as a service would send them; intervals are those of packages/stats. PSI has two
 * one-sided 95 % bounds, told apart; everything else a two-sided 95 % interval.
 */
export function benchSampling(size: BenchSize): BenchResult[] {
  const runs = RUNS[size];
  const results: BenchResult[] = [];
  console.log(
    `\nSamples of ${ROWS} records: share of ${runs} seeded runs in which all records' value is within the stated bound`,
  );
  for (const [name, sampling] of Object.entries(SCHEMES)) {
    const agreement: Agreement = { runs, within: new Map() };
    let kept = 0;
    for (let run = 0; run < runs; run++) kept += compare(sampling, `${name}/${run}`, agreement);
    console.log(`${name}: ${Math.round(kept / runs)} records a run`);
    for (const [what, within] of agreement.within) {
      const [lower, upper] = wilsonInterval(within, runs);
      const verdict = upper >= 0.95 ? "holds" : "does not hold";
      console.log(
        `  ${what.padEnd(22)} ${((100 * within) / runs).toFixed(1).padStart(5)} %  (${(100 * lower).toFixed(1)} to ${(100 * upper).toFixed(1)})  95 % ${verdict}`,
      );
      results.push({
        name: `${name}: ${what}`,
        value: within / runs,
        unit: "1",
        against: null,
        ratio: null,
        lower,
        upper,
        trials: runs,
      });
    }
  }
  return results;
}

/** Returns the number of records kept. */
function compare(sampling: Sampling, seed: string, agreement: Agreement): number {
  const random = createSeededRandom(seed);
  const reference = new Array<number>(BINS).fill(0);
  for (let row = 0; row < REFERENCE_ROWS; row++) reference[binOf(random.normal())]! += 1;
  const rows = Array.from({ length: ROWS }, (): Row => {
    const feature = random.normal() * 1.1 + 0.2;
    const score = 1 / (1 + Math.exp(2.2 - feature - random.normal()));
    return { feature, score, positive: random.uniform() < score };
  });
  const weights = sampleRows(rows, sampling, seed);
  const all = summarize(
    reference,
    rows,
    rows.map(() => 1),
  );
  const sample = summarize(reference, rows, weights);
  const note = (what: string, isWithin: boolean) =>
    agreement.within.set(what, (agreement.within.get(what) ?? 0) + (isWithin ? 1 : 0));
  note("PSI, lower bound", all.drift.psi! >= sample.drift.psiLower!);
  note("PSI, upper bound", all.drift.psi! <= sample.drift.psiUpper!);
  note("location of the drift", isWithin(all.drift.location!.value, sample.drift.location!));
  for (const score of ["accuracy", "precision", "recall", "f1", "rocAuc", "logLoss", "brier", "outcomeRate"] as const) {
    note(score, isWithin(all.scores[score].value!, sample.scores[score]));
  }
  return weights.filter((weight) => weight > 0).length;
}

/** The weight of each row in what the instrumentation sent; 0 where it sent nothing. */
function sampleRows(rows: readonly Row[], sampling: Sampling, seed: string): number[] {
  const weights = new Array<number>(rows.length).fill(0);
  const emit = ({ attributes }: { attributes?: Record<string, unknown> }) => {
    const row = Number(String(attributes!["ml.inference.id"]).split("#")[1]);
    weights[row] = 1 / (attributes!["ml.sampling.probability"] as number);
  };
  const tidemark = createTidemark({ sampling, loggerProvider: { getLogger: () => ({ emit }) } });
  const model = tidemark.describeModel({ name: "sampled", version: "1", features: {}, spans: false });
  rows.forEach(({ score }, row) => {
    const label = score > 0.5 ? "positive" : "negative";
    model.record({ inputs: {}, id: `${seed}#${row}`, score, label, timeMs: 1_000_000 + row });
  });
  tidemark.flush();
  return weights;
}

function summarize(reference: readonly number[], rows: readonly Row[], weights: readonly number[]) {
  const used = rows.flatMap((row, index) => (weights[index]! > 0 ? [{ ...row, weight: weights[index]! }] : []));
  const total = used.reduce((sum, { weight }) => sum + weight, 0);
  const squares = used.reduce((sum, { weight }) => sum + weight ** 2, 0);
  // As the processor weighs records: shares are unbiased and the counts add up to the effective number of rows.
  const unit = total / squares;
  const counts = new Array<number>(BINS).fill(0);
  for (const { feature, weight } of used) counts[binOf(feature)]! += weight * unit;
  const drift: WindowVerdict = judgeWindow([{ reference: createDetectionReference(reference, "numeric"), counts }], {
    variance: [1, 1],
  });
  const scores = binaryScores(
    used.map(({ score, positive, weight }) => ({ score, predicted: score > 0.5, positive, weight })),
  );
  return { drift, scores };
}

/** Bins of a standard normal feature, of about equal probability. */
function binOf(value: number): number {
  const share = 1 / (1 + Math.exp(-1.702 * value));
  return Math.min(BINS - 1, Math.floor(share * BINS));
}

function isWithin(
  value: number,
  { lower, upper }: { readonly lower: number | null; readonly upper: number | null },
): boolean {
  return lower !== null && upper !== null && value >= lower && value <= upper;
}
