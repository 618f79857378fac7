// `npm run bench -- NAME [--json FILE] [--quick | --full]`: runs one benchmark, prints its tables and writes its numbers.
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { BenchOptions } from "./bench-options.ts";
import type { BenchResult } from "./bench-result.ts";
import { benchCauses } from "./causes/bench-causes.ts";
import { benchComparison } from "./comparison/bench-comparison.ts";
import { benchCategories } from "./detection/bench-categories.ts";
import { benchDetection } from "./detection/bench-detection.ts";
import { benchEmbeddings } from "./embeddings/bench-embeddings.ts";
import { benchEstimation } from "./estimation/bench-estimation.ts";
import { benchHarm } from "./harm/bench-harm.ts";
import { benchHistory } from "./history/bench-history.ts";
import { benchIngest } from "./ingest/bench-ingest.ts";
import { benchInstrumentation } from "./instrumentation/bench-instrumentation.ts";
import { benchMultivariate } from "./multivariate/bench-multivariate.ts";
import { benchPipeline } from "./pipeline/bench-pipeline.ts";
import { benchDuplicates } from "./quality/bench-duplicates.ts";
import { benchQuality } from "./quality/bench-quality.ts";
import { benchVariety } from "./quality/bench-variety.ts";
import { benchScale } from "./scale/bench-scale.ts";
import { benchStats } from "./stats/bench-stats.ts";

const BENCHMARKS: Readonly<Record<string, (options: BenchOptions) => BenchResult[] | Promise<BenchResult[]>>> = {
  categories: benchCategories,
  causes: benchCauses,
  comparison: ({ size }) => benchComparison(size),
  detection: benchDetection,
  duplicates: benchDuplicates,
  embeddings: benchEmbeddings,
  estimation: benchEstimation,
  harm: ({ size }) => benchHarm(size),
  history: benchHistory,
  ingest: benchIngest,
  instrumentation: benchInstrumentation,
  multivariate: benchMultivariate,
  pipeline: benchPipeline,
  quality: benchQuality,
  scale: benchScale,
  stats: ({ size }) => benchStats(size),
  variety: benchVariety,
};

const USAGE = `usage: npm run bench -- NAME [--json FILE] [--quick | --full] [--part PART] [--seed TEXT] [--shares FOLDER] [--data FOLDER]

  categories  verdicts on features of dozens to thousands of categories that never change (docs/benchmarks/detection.md)
  causes      faults injected into weeks of real flights, and what is named as their first cause (docs/benchmarks/causes.md)
  harm        harmful shift of the whole and by segment, looked at every day of half a year (docs/outcomes.md)
  history     what a window costs as ten million predictions and a million late outcomes gather (docs/benchmarks/history.md)
  comparison  wrong verdicts of champion against challenger, looked at every minute of a month (docs/benchmarks/comparison.md)
  detection   false criticals, drift found and delay of the detector on streams of its own (docs/benchmarks/detection.md)
  duplicates  how often the rule for repeated rows speaks of real flights, untouched and retried (docs/data-quality.md)
  embeddings  false alarms of the verdict on vectors, and what it finds (docs/embeddings.md)
  ingest      OTLP requests to durable rows beside a Collector that stores nothing (docs/benchmarks/ingest.md); needs Go
  instrumentation  what recording costs beside the stock SDK, and what sampling tells (docs/benchmarks/instrumentation.md)
  multivariate  false alarms of the verdict on all features together, and what it finds (docs/multivariate-drift.md)
  pipeline    CPU of Collector and processor for a million predictions (docs/benchmarks/pipeline.md); needs Go
  quality     false alarms of the rule pattern (docs/data-quality.md)
  scale       a week of a million predictions a second and 10,000 models, simulated: skew, a lost replica, late outcomes (docs/scale.md)
  stats       speed of histograms, distances, merges and detectors beside numpy (docs/benchmarks/stats.md)
  variety     false alarms of the rules cardinality and stuck on real flights and made-up features, and what they find (docs/data-quality.md)
  estimation  the default estimate of performance beside NannyML's CBPE (docs/benchmarks/estimation.md); needs --data

  --json FILE      writes [{ name, value, unit, against, ratio }]; a ratio above 1 means ours is better
  --quick          small sizes, under a minute      --full  the sizes of the published tables
  --part PART      detection: windows, rows, weeks or months alone; causes: what begins so alone; instrumentation: recording, footprint, onnx or sampling; ingest: vectors; embeddings: references; multivariate: stream or references (docs/multivariate-drift.md);
                   estimation: product, what tidemark profile and replay publish; or one set of it (car_price, multiclass)
  --seed TEXT      detection: another text gives fresh streams (default: published)
  --shares FOLDER  detection: keeps what is finished, so that an interrupted run goes on where it was
  --data FOLDER    embeddings: arrays of real vectors as bench/embeddings/minilm_vectors.py makes them; estimation: NannyML's data sets and elec2 as Parquet (car_loan_reference.parquet, ..., elec2.parquet)`;

process.exitCode = await main();

async function main(): Promise<number> {
  const { values, positionals } = parseArguments();
  const [name] = positionals;
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const run = name === undefined ? undefined : BENCHMARKS[name];
  if (run === undefined || positionals.length > 1 || (values.quick && values.full)) {
    console.error(`${name === undefined ? "no benchmark named" : `cannot run ${positionals.join(" ")}`}\n${USAGE}`);
    return 2;
  }
  const results = await run({
    size: values.quick ? "quick" : values.full ? "full" : "default",
    part: values.part ?? null,
    seed: values.seed,
    sharesFolder: values.shares ?? null,
    dataFolder: values.data ?? null,
  });
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(results, null, 1)}\n`);
  return 0;
}

function parseArguments() {
  return parseArgs({
    allowPositionals: true,
    options: {
      help: { type: "boolean", short: "h", default: false },
      json: { type: "string" },
      part: { type: "string" },
      seed: { type: "string", default: "published" },
      data: { type: "string" },
      shares: { type: "string" },
      quick: { type: "boolean", default: false },
      full: { type: "boolean", default: false },
    },
  });
}
