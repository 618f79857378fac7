import { setTimeout } from "node:timers/promises";
import type { DemoFolder } from "./demo-folder.ts";
import { type DemoServer, startServiceProcess, startTrafficProcess } from "./demo-processes.ts";
import type { LiveView } from "./live-view.ts";
import { ProcessFailed, type ProcessGroup } from "./process-group.ts";
import { createProcessorClient } from "./processor-client.ts";
import { parseProgress, type TrafficProgress } from "./progress.ts";

/** What the replay came to. */
export interface Replayed {
  readonly predictions: number;
  readonly outcomes: number;
  /** From the first request to the service until the last window was judged. */
  readonly seconds: number;
  /** From the first request until all telemetry was acknowledged as stored. */
  readonly ingestSeconds: number;
}

interface ReplayOptions {
  readonly group: ProcessGroup;
  readonly folder: DemoFolder;
  readonly processor: DemoServer;
  readonly incident: string | null;
  readonly view: LiveView;
}

const STATE_EVERY_MS = 2_000;

/** Sends half a year of flights through the model service and waits until all of it is judged. */
export async function replayHalfYear({ group, folder, processor, incident, view }: ReplayOptions): Promise<Replayed> {
  const client = createProcessorClient(processor.url);
  const service = await startServiceProcess(group, folder, processor.url);
  const startMs = performance.now();
  const seconds = () => (performance.now() - startMs) / 1_000;
  const traffic = startTrafficProcess(group, {
    flights: folder.flights,
    serviceUrl: service.url,
    processorUrl: processor.url,
    incident,
  });

  let progress: TrafficProgress = { predictions: 0, outcomes: 0, departureMs: 0 };
  traffic.onLine((line) => {
    const reported = parseProgress(line);
    if (reported === null) return;
    progress = reported;
    view.showProgress(progress, seconds());
  });
  const showState = async () => view.showState(await client.newest("7d"));
  await repeatUntil(traffic.exited, STATE_EVERY_MS, showState);

  // It sends what it still holds before it ends.
  const exit = await service.process.stop();
  if (exit !== 0) throw new ProcessFailed(service.process, exit);
  const ingestSeconds = seconds();
  await client.finishReplay();
  const { predictions, outcomes } = progress;
  const replayed = { predictions, outcomes, seconds: seconds(), ingestSeconds };
  await showState();
  return replayed;
}

/** Runs `work` again and again, one at a time, until `end` resolves. */
async function repeatUntil(end: Promise<unknown>, everyMs: number, work: () => Promise<void>): Promise<void> {
  const ended = end.then(() => true);
  for (;;) {
    const pause = new AbortController();
    const paused = setTimeout(everyMs, false, { signal: pause.signal });
    const isOver = await Promise.race([ended, paused.catch(() => false)]);
    pause.abort();
    if (isOver) return;
    await work();
  }
}
