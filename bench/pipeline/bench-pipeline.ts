import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { buildProfile } from "@tidemark/processor";
import { freePorts } from "../../test/e2e/tools/free-ports.ts";
import { poll } from "../../test/e2e/tools/poll.ts";
import { startServer } from "../../test/e2e/tools/server-process.ts";
import { startCollector } from "../../test/e2e/tools/start-collector.ts";
import type { BenchOptions } from "../bench-options.ts";
import type { BenchResult } from "../bench-result.ts";
import { cpuSecondsOfProcess } from "./cpu-seconds-of-process.ts";
import { FEATURES, featureOf, sendPredictions } from "./send-predictions.ts";

const PREDICTIONS = { quick: 50_000, default: 200_000, full: 1_000_000 } as const;
const REFERENCE_ROWS = 5_000;
const MAIN = path.resolve(import.meta.dirname, "../../packages/cli/src/main.ts");

/**
 * CPU seconds of the Collector (gateway.yaml: memory limit, queue on disk with fsync, batches, gzip) and of the processor
 * (decode, store, and judge ten hours of drift from the records) for a million predictions with 14 inputs, which a stock
 * SDK sends as OTLP/HTTP protobuf. CPU time, so that other work on the machine weighs little.
 */
export async function benchPipeline({ size }: BenchOptions): Promise<BenchResult[]> {
  const predictions = PREDICTIONS[size];
  const folder = mkdtempSync(path.join(tmpdir(), "tidemark-bench-pipeline-"));
  const [port = 0] = await freePorts(1);
  await writeConfiguration(folder, port);
  try {
    await using processor = startServer("node", ["--conditions=tidemark-source", MAIN, "serve", "tidemark.yaml"], {
      cwd: folder,
    });
    const url = `http://127.0.0.1:${port}`;
    await poll("the processor is ready", 60, async () => ((await fetch(`${url}/readyz`)).ok ? true : undefined));
    await using collector = await startCollector({
      configs: ["gateway.yaml"],
      cwd: folder,
      env: { TIDEMARK_PROCESSOR_URL: url },
    });
    const before = { collector: cpuSecondsOfProcess(collector.pid), processor: cpuSecondsOfProcess(processor.pid) };
    await sendPredictions(collector.url, predictions);
    await poll("every prediction is stored and the windows are judged", 900, () => isDone(url, predictions));
    const spent = {
      collector: cpuSecondsOfProcess(collector.pid) - before.collector,
      processor: cpuSecondsOfProcess(processor.pid) - before.processor,
    };
    const million = (seconds: number) => (seconds * 1e6) / predictions;
    console.log(`${predictions.toLocaleString("en")} predictions of ${FEATURES.length} inputs, CPU seconds a million:`);
    console.log(`  Collector  ${million(spent.collector).toFixed(1)}`);
    console.log(`  processor  ${million(spent.processor).toFixed(1)}`);
    return Object.entries(spent).map(([name, seconds]) => ({
      name: `pipeline/${name}`,
      value: million(seconds),
      unit: "CPU s a million predictions",
      against: null,
      ratio: null,
      trials: predictions,
    }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function writeConfiguration(folder: string, port: number): Promise<void> {
  const rows = Array.from({ length: REFERENCE_ROWS }, (_, row) =>
    FEATURES.map((name) => featureOf(name, row)).join(","),
  );
  const train = path.join(folder, "train.csv");
  writeFileSync(train, `${FEATURES.join(",")}\n${rows.join("\n")}\n`);
  const profile = await buildProfile({
    path: train,
    model: { name: "bench", version: "1", type: "classification" },
    features: Object.fromEntries(FEATURES.map((name) => [name, name.startsWith("c") ? "categorical" : "numeric"])),
  });
  writeFileSync(path.join(folder, "profile.json"), JSON.stringify(profile));
  writeFileSync(
    path.join(folder, "tidemark.yaml"),
    `server: {port: ${port}}\nstore: {path: data}\nmodels:\n  - {name: bench, profile: profile.json, windows: [1h]}\n`,
  );
}

/** All predictions are stored, and nothing is left to judge. */
async function isDone(url: string, predictions: number): Promise<true | undefined> {
  const models = (await (await fetch(`${url}/v1/models`)).json()) as { models: { predictions: number }[] };
  const stored = models.models.reduce((sum, model) => sum + model.predictions, 0);
  const status = (await (await fetch(`${url}/v1/status`)).json()) as { models: { lagSeconds: number | null }[] };
  const lagSeconds = status.models[0]?.lagSeconds ?? null;
  return stored >= predictions && lagSeconds !== null && lagSeconds < 3_600 ? true : undefined;
}
