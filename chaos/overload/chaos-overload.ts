import { mkdtempSync, rmSync } from "node:fs";
import { Agent } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startIngestProcessor } from "../../bench/ingest/ingest-processor.ts";
import { idOf, makeTemplate, modelName } from "../../bench/ingest/ingest-requests.ts";
import type { ChaosResult, ChaosSize } from "../chaos-result.ts";
import type { ProcessorProcess } from "../processor/processor-process.ts";
import { createFlood, type Flood, send, startFlood } from "./flood.ts";

const PREDICTIONS = 100;
const CONNECTIONS = 400;
const OVERLOAD = 10;
const MINUTE_MS = 60_000;
/** Seconds of full speed from which the sustainable rate is taken. */
const CALIBRATION_MS = 10_000;
/** The store stands still for two fifths of the time: two minutes of five. */
const PAUSE = { from: 0.2, to: 0.6 };
/** Less than all connections can bring at once, so that the bound is met. */
const MAX_QUEUED_BYTES = 16 * 1024 * 1024;
/** Beside the queue: the engine with its caches and merges, and JavaScript's own heap. */
const MAX_RESIDENT_BYTES = 1_500_000_000;
const RECOVERY_MS = 120_000;
const SAMPLE = 200;

/**
 * Ten times the sustainable load, the store paused for two fifths of the time; a run is a minute. Promised: memory stays
 * under its limit, senders are told to come again, nothing acknowledged is lost, and afterwards all is as before, by itself.
 */
export async function chaosOverload({ runs, seed, onRun }: ChaosSize): Promise<ChaosResult> {
  const folder = mkdtempSync(path.join(tmpdir(), "tidemark-chaos-"));
  const counts: Record<string, number> = {};
  const broken: string[] = [];
  let processor: ProcessorProcess | null = null;
  try {
    const script = path.join(import.meta.dirname, "serve-paused.ts");
    processor = await startIngestProcessor(folder, 1, { maxQueuedBytes: MAX_QUEUED_BYTES, command: [script] });
    const { url, pid } = processor;
    const template = makeTemplate(modelName(0), Date.now(), PREDICTIONS);
    let number = 0;
    const nextNumber = () => number++;
    const flood = createFlood();
    const sustainable = await calibrate(url, template, nextNumber, flood);
    counts["sustainable requests a second"] = Math.round(sustainable);
    const load = startFlood(
      url,
      template,
      { perSecond: OVERLOAD * sustainable, connections: CONNECTIONS, nextNumber },
      flood,
    );
    const totalMs = runs * MINUTE_MS;
    const startMs = performance.now();
    let peak = 0;
    let paused = false;
    let notReady = 0;
    for (let minute = 0; performance.now() - startMs < totalMs && !processor.hasEnded(); ) {
      const share = (performance.now() - startMs) / totalMs;
      const shouldPause = share >= PAUSE.from && share < PAUSE.to;
      if (shouldPause !== paused) process.kill(pid, "SIGUSR2");
      paused = shouldPause;
      peak = Math.max(peak, processor.residentBytes());
      if ((await fetch(`${url}/healthz`)).status !== 200) notReady++;
      if (Math.floor(share * runs) > minute) onRun(++minute);
      await sleep(500);
    }
    await load.stop();
    if (processor.hasEnded()) broken.push(`it ended: ${processor.log().slice(-500)}`);
    const recoveredMs = await untilNormal(url, template, nextNumber, flood);
    counts["largest resident MB"] = Math.round(peak / 1e6);
    counts["seconds until it answered as before"] = Math.round(recoveredMs / 1_000);
    counts["requests held back by the sender"] = flood.heldBack;
    counts["slowest answer, ms"] = Math.round(flood.slowestMs);
    for (const [status, count] of flood.answers)
      counts[status === 0 ? "connections broken" : `answered ${status}`] = count;
    if (notReady > 0) broken.push(`/healthz failed ${notReady} times`);
    if (recoveredMs >= RECOVERY_MS) broken.push("it did not come back to normal by itself");
    if (peak > MAX_RESIDENT_BYTES) broken.push(`${peak} bytes resident; the limit is ${MAX_RESIDENT_BYTES}`);
    if (flood.withoutRetryAfter > 0) broken.push(`${flood.withoutRetryAfter} refusals without Retry-After`);
    const unknown = [...flood.answers.keys()].filter((status) => ![0, 200, 429, 503].includes(status));
    if (unknown.length > 0) broken.push(`answers of status ${unknown.join(", ")}`);
    if ((flood.answers.get(429) ?? 0) + (flood.answers.get(503) ?? 0) === 0)
      broken.push("nobody was told to come again: no overload");
    const code = await processor.stop("SIGTERM");
    if (code !== 0) broken.push(`it ended with ${code}: ${processor.log().slice(-500)}`);
    processor = await startIngestProcessor(folder, 1, {});
    broken.push(...(await checkStored(processor.url, flood, number)));
    await processor.stop("SIGTERM");
  } finally {
    if (processor !== null && !processor.hasEnded()) await processor.stop("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  }
  return { name: "overload", runs, seed, counts, broken };
}

type Template = ReturnType<typeof makeTemplate>;

/** Requests a second that are answered 200 when eight senders go as fast as they are answered. */
async function calibrate(url: string, template: Template, nextNumber: () => number, flood: Flood): Promise<number> {
  const agent = new Agent({ keepAlive: true });
  const before = flood.acknowledged.length;
  const startMs = performance.now();
  const sender = async () => {
    while (performance.now() - startMs < CALIBRATION_MS) await send(agent, url, template, nextNumber(), flood);
  };
  await Promise.all(Array.from({ length: 32 }, sender));
  agent.destroy();
  return (flood.acknowledged.length - before) / ((performance.now() - startMs) / 1_000);
}

/** Milliseconds until it is ready, its queue is empty and a request is answered within two seconds. */
async function untilNormal(url: string, template: Template, nextNumber: () => number, flood: Flood): Promise<number> {
  const agent = new Agent();
  const startMs = performance.now();
  for (let nowMs = startMs; nowMs - startMs < RECOVERY_MS; nowMs = performance.now()) {
    const ready = await fetch(`${url}/readyz`).catch(() => null);
    const status = await fetch(`${url}/v1/status`).catch(() => null);
    const sentMs = performance.now();
    const answered = await send(agent, url, template, nextNumber(), flood);
    const isQuick = answered === 200 && performance.now() - sentMs < 2_000;
    if (ready?.ok && status?.ok && isQuick) {
      const { queue } = (await status.json()) as { queue: { bytes: number } };
      if (queue.bytes < 1_000_000) return performance.now() - startMs;
    }
    await sleep(250);
  }
  return RECOVERY_MS;
}

/** As many predictions as were acknowledged are there at least, none twice, and of a sample each. */
async function checkStored(url: string, flood: Flood, sent: number): Promise<string[]> {
  const { models } = (await (await fetch(`${url}/v1/models`)).json()) as { models: { predictions: number }[] };
  const stored = models.reduce((sum, { predictions }) => sum + predictions, 0);
  const acknowledged = flood.acknowledged.length * PREDICTIONS;
  const broken: string[] = [];
  if (stored < acknowledged) broken.push(`${acknowledged} predictions were acknowledged and ${stored} are stored`);
  if (stored > sent * PREDICTIONS)
    broken.push(`${stored} predictions are stored of ${sent * PREDICTIONS} that were sent`);
  const step = Math.max(1, Math.floor(flood.acknowledged.length / SAMPLE));
  for (let at = 0; at < flood.acknowledged.length; at += step) {
    const id = idOf(flood.acknowledged[at]!, at % PREDICTIONS);
    const found = await fetch(`${url}/v1/predictions/${id}?model=${modelName(0)}`);
    const { predictions = [] } = (await found.json()) as { predictions?: unknown[] };
    if (predictions.length !== 1) broken.push(`the acknowledged prediction ${id} is there ${predictions.length} times`);
  }
  return broken;
}
