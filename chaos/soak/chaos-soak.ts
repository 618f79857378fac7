import { mkdtempSync, readdirSync, readlinkSync, rmSync } from "node:fs";
import { Agent } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startIngestProcessor } from "../../bench/ingest/ingest-processor.ts";
import { makeTemplate, modelName } from "../../bench/ingest/ingest-requests.ts";
import type { ChaosResult, ChaosSize } from "../chaos-result.ts";
import { createFlood, send } from "../overload/flood.ts";
import type { ProcessorProcess } from "../processor/processor-process.ts";
import { median, type SoakSample, soakProblems } from "./soak-problems.ts";

const PREDICTIONS = 100;
const REQUESTS_A_SECOND = 10;
const SAMPLE_MS = 5_000;
const MINUTE_MS = 60_000;

/** A steady rate for so many minutes; promised: flat memory, flat latency, no handle that stays open. */
export async function chaosSoak({ runs, seed, onRun }: ChaosSize): Promise<ChaosResult> {
  const folder = mkdtempSync(path.join(tmpdir(), "tidemark-chaos-"));
  let processor: ProcessorProcess | null = null;
  try {
    processor = await startIngestProcessor(folder, 1);
    const samples = await soak(processor, folder, runs, onRun);
    const code = await processor.stop("SIGTERM");
    const broken = [...soakProblems(samples), ...(code === 0 ? [] : [`it ended with ${code}`])];
    const of = (part: readonly SoakSample[], value: (sample: SoakSample) => number) =>
      Math.round(median(part.map(value)));
    const fifth = Math.max(1, Math.floor(samples.length / 5));
    const [early, late] = [samples.slice(fifth, 2 * fifth), samples.slice(-fifth)];
    const counts = {
      "requests answered": samples.reduce((sum, { answered }) => sum + answered, 0),
      "resident MB, second fifth": of(early, ({ residentBytes }) => residentBytes / 1e6),
      "resident MB, last fifth": of(late, ({ residentBytes }) => residentBytes / 1e6),
      "median latency ms, second fifth": of(early, ({ latencyMs }) => latencyMs),
      "median latency ms, last fifth": of(late, ({ latencyMs }) => latencyMs),
      "open files, second fifth": of(early, ({ handles }) => handles),
      "open files, last fifth": of(late, ({ handles }) => handles),
      "files of the engine, last fifth": of(late, ({ engineFiles }) => engineFiles),
    };
    return { name: "soak", runs, seed, counts, broken };
  } finally {
    if (processor !== null && !processor.hasEnded()) await processor.stop("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a process has open; the engine's apart: files of the store, and one for each of its threads. */
function openFiles(pid: number, folder: string): Pick<SoakSample, "handles" | "engineFiles"> {
  const targets = readdirSync(`/proc/${pid}/fd`).flatMap((name) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${name}`);
    } catch {
      // Closed since it was listed.
      return [];
    }
  });
  const engineFiles = targets.filter((target) => target.startsWith(folder) || target.startsWith("/proc/")).length;
  return { handles: targets.length - engineFiles, engineFiles };
}

async function soak(
  processor: ProcessorProcess,
  folder: string,
  minutes: number,
  onRun: (done: number) => void,
): Promise<SoakSample[]> {
  const template = makeTemplate(modelName(0), Date.now(), PREDICTIONS);
  const agent = new Agent({ keepAlive: true });
  const samples: SoakSample[] = [];
  const startMs = performance.now();
  let number = 0;
  let refused = 0;
  while (performance.now() - startMs < minutes * MINUTE_MS && !processor.hasEnded()) {
    const latencies: number[] = [];
    const running: Promise<void>[] = [];
    for (let due = 0; due < (REQUESTS_A_SECOND * SAMPLE_MS) / 1_000; due++) {
      const flood = createFlood();
      running.push(
        send(agent, processor.url, template, number++, flood).then((status) => {
          if (status === 200) latencies.push(flood.slowestMs);
          else refused++;
        }),
      );
      await sleep(1_000 / REQUESTS_A_SECOND);
    }
    await Promise.all(running);
    samples.push({
      residentBytes: processor.residentBytes(),
      latencyMs: median(latencies),
      ...openFiles(processor.pid, folder),
      answered: latencies.length,
      refused,
    });
    const done = Math.floor((performance.now() - startMs) / MINUTE_MS);
    if (done > Math.floor((performance.now() - startMs) / MINUTE_MS - SAMPLE_MS / MINUTE_MS))
      onRun(Math.min(done, minutes));
  }
  agent.destroy();
  return samples;
}
