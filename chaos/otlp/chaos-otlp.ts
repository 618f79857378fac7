import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { ChaosResult, ChaosSize } from "../chaos-result.ts";
import { type ProcessorProcess, startProcessorProcess } from "../processor/processor-process.ts";
import { baseRequest, RECORDS } from "./base-requests.ts";
import { bombs } from "./bombs.ts";
import { type ChaosAnswer, checkAnswer } from "./check-answer.ts";
import { createCorpus } from "./corpus.ts";
import { makeRequest } from "./make-request.ts";
import type { ChaosRequest } from "./otlp-request.ts";
import { createSender } from "./send-request.ts";

/** Answers wait for the commit that their records are part of, five a second: many requests must be on their way. */
const CONNECTIONS = 800;
/** What a process may hold more at the end than after its first fifth: caches of the engine, not of requests. */
const MAX_GROWTH_BYTES = 250_000_000;
const MAX_BROKEN = 50;
/** A sender that is told to come again, as on a machine whose disk stands still, does so this often at most. */
const MAX_REPEATS = 10;

/**
 * Sends mutated OTLP requests and bombs to a real processor. Promised: it never ends and never answers with what is not
 * OTLP, answers rightly where the right answer is known, and does not grow.
 */
export async function chaosOtlp({ runs, seed, onRun }: ChaosSize): Promise<ChaosResult> {
  const folder = mkdtempSync(path.join(tmpdir(), "tidemark-chaos-"));
  const nowMs = Date.now();
  const counts: Record<string, number> = {};
  const broken: string[] = [];
  const corpus = createCorpus();
  let processor: ProcessorProcess | null = null;
  try {
    processor = await startProcessorProcess({ folder });
    const { url } = processor;
    const sender = createSender(url, CONNECTIONS);
    const sendUntilTaken = async (request: ChaosRequest): Promise<ChaosAnswer> => {
      for (let repeat = 0; ; repeat++) {
        const answer = await sender.send(request);
        if (answer.status !== 503 || answer.retryAfter === null || repeat === MAX_REPEATS) return answer;
        count(counts, "told to come again");
        await pause(Number(answer.retryAfter) * 1_000);
      }
    };
    const send = async (request: ChaosRequest, name: string): Promise<void> => {
      const answer = await sendUntilTaken(request).catch((error: Error) => error);
      const problem = answer instanceof Error ? `no answer: ${answer.message}` : checkAnswer(request, answer);
      if (problem !== null && broken.length < MAX_BROKEN) {
        broken.push(`${name} (${request.signal}, ${request.encoding}, ${request.mutation}): ${problem}`);
      }
      if (answer instanceof Error) return;
      count(counts, `answered ${answer.status}`);
      corpus.see(request, answer);
    };
    for (const bomb of bombs(nowMs)) {
      await send(bomb, "bomb");
      count(counts, "bombs");
    }
    let early = processor.residentBytes();
    let next = 0;
    const worker = async () => {
      while (next < runs && !processor!.hasEnded()) {
        const run = next++;
        await send(makeRequest(`${seed}/${run}`, nowMs), `run ${run}`);
        if (run === Math.floor(runs / 5)) early = processor!.residentBytes();
        onRun(run + 1);
      }
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, worker));
    const late = processor.residentBytes();
    counts["resident MB after the first fifth"] = Math.round(early / 1e6);
    counts["resident MB at the end"] = Math.round(late / 1e6);
    if (late - early > MAX_GROWTH_BYTES) broken.push(`it grew from ${early} to ${late} bytes`);
    broken.push(...(await checkAlive(url, nowMs, sender.send)));
    sender.close();
    const code = await processor.stop("SIGTERM");
    if (code !== 0) broken.push(`it ended with ${code}: ${processor.log().slice(-500)}`);
    if (/a request failed|decoder_failed/.test(processor.log())) {
      broken.push(`it logged a defect: ${/.*(?:a request failed|decoder_failed).*/.exec(processor.log())?.[0]}`);
    }
    counts["kinds of answers kept as corpus"] = corpus.entries().length;
  } finally {
    if (processor !== null && !processor.hasEnded()) await processor.stop("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  }
  corpus.save(runs);
  return { name: "otlp", runs, seed, counts, broken };
}

/** After everything: it is ready, takes a valid request whole, gives back what was sent, and names stay bounded. */
async function checkAlive(
  url: string,
  nowMs: number,
  send: ReturnType<typeof createSender>["send"],
): Promise<string[]> {
  const problems: string[] = [];
  const ready = await fetch(`${url}/readyz`);
  if (!ready.ok) problems.push(`it is not ready: ${await ready.text()}`);
  const bytes = Buffer.from(JSON.stringify(baseRequest("logs", nowMs, "after")));
  const request: ChaosRequest = {
    signal: "logs",
    encoding: "json",
    bytes,
    gzip: false,
    mutation: "none",
    expected: 200,
    rejected: 0,
  };
  const problem = checkAnswer(request, await send(request));
  if (problem !== null) problems.push(`a valid request after it: ${problem}`);
  for (let index = 0; index < RECORDS - 1; index++) {
    const found = await fetch(`${url}/v1/predictions/after-${index}?model=flight-delay`);
    if (!found.ok) problems.push(`what was sent is not there: ${await found.text()}`);
  }
  const status = (await (await fetch(`${url}/v1/status`)).json()) as { ingest: unknown[] };
  if (status.ingest.length > 100) problems.push(`${status.ingest.length} counters`);
  const metrics = await (await fetch(`${url}/metrics`)).text();
  if (metrics.length > 1_000_000) problems.push(`${metrics.length} bytes of metrics`);
  return problems;
}

function count(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}
