import { writeFile } from "node:fs/promises";
import { MODEL_NAME, MODEL_VERSION } from "@tidemark/example-flights";
import { EXIT } from "../config/fail.ts";
import { collectReportData } from "../report/collect-report-data.ts";
import { httpReadApi } from "../report/http-read-api.ts";
import { renderReport } from "../report/render-report.ts";
import { type DemoFolder, prepareDemoFolder, removeScratch } from "./demo-folder.ts";
import { startProcessorProcess } from "./demo-processes.ts";
import { type DemoSummary, incidentRows, weeklyRows } from "./demo-summary.ts";
import { Interrupted, listenForInterrupt } from "./interrupt.ts";
import { createLiveView } from "./live-view.ts";
import { writeFlights, writeProfile } from "./prepare-inputs.ts";
import { ProcessFailed, ProcessGroup } from "./process-group.ts";
import { createProcessorClient } from "./processor-client.ts";
import { type Replayed, replayHalfYear } from "./replay-half-year.ts";
import { summaryText } from "./summary-text.ts";

export interface DemoOptions {
  /** All three million flights. */
  readonly all: boolean;
  readonly incident: string | null;
  /** Where to write the summary for scripts. */
  readonly json: string | null;
  /** Leave the processor running until Ctrl-C. */
  readonly keep: boolean;
  readonly directory: string;
}

/** Waits for a step of the demo, unless a process fails or the user interrupts. */
type Step = <T>(work: Promise<T>) => Promise<T>;

/** Runs the demo and returns the exit code. Every process that it started has ended when it resolves. */
export async function runDemo(options: DemoOptions): Promise<number> {
  const folder = await prepareDemoFolder(options.directory);
  const group = new ProcessGroup();
  const interrupt = listenForInterrupt(() => {
    group.killAll();
    process.exit(EXIT.interrupted);
  });
  const step: Step = (work) => interrupt.unless(group.unlessFailed(work));
  try {
    const url = await runSteps(options, folder, group, step);
    if (options.keep) {
      console.log(`\nThe report is served at ${url}/ until you press Ctrl-C.`);
      await group.unlessFailed(interrupt.signalled);
    }
    return EXIT.ok;
  } catch (error) {
    if (error instanceof Interrupted || interrupt.isSignalled) return EXIT.interrupted;
    if (!(error instanceof ProcessFailed)) throw error;
    console.error(error.message);
    return EXIT.failed;
  } finally {
    await group.stopAll();
    await removeScratch(folder);
    interrupt.release();
  }
}

async function runSteps(options: DemoOptions, folder: DemoFolder, group: ProcessGroup, step: Step): Promise<string> {
  const startMs = performance.now();
  console.log("Computing the features of three million flights by SQL ...");
  await step(writeFlights(folder, options.all));
  console.log("Scoring 1 to 28 January with the model and making the reference profile of it ...");
  const profile = await step(writeProfile(folder));
  console.log(
    `Profile ${profile.id.slice(0, 19)} of ${profile.source.rows.toLocaleString("en")} flights. Starting ...\n`,
  );

  const processor = await step(startProcessorProcess(group, folder));
  const view = createLiveView(process.stdout);
  const { incident } = options;
  const replayed = await step(replayHalfYear({ group, folder, processor, incident, view }));

  const summary = await step(summarize(processor.url, replayed, profile.id, startMs));
  await step(writeResults(processor.url, folder, options.json, summary));
  for (const line of summaryText(summary)) console.log(line);
  console.log(`\nReport:      ${folder.report}\nPredictions: ${folder.predictions}`);
  return processor.url;
}

async function summarize(url: string, replayed: Replayed, profileId: string, startMs: number): Promise<DemoSummary> {
  const api = httpReadApi(url);
  const model = { model: MODEL_NAME, version: MODEL_VERSION, role: "champion" } as const;
  return {
    ...replayed,
    predictionsPerSecond: replayed.predictions / replayed.seconds,
    totalSeconds: (performance.now() - startMs) / 1_000,
    profileId,
    weekly: weeklyRows(await api.measurements({ ...model, windowName: "7d" })),
    incidents: incidentRows(await api.incidents(model)),
  };
}

async function writeResults(url: string, folder: DemoFolder, json: string | null, summary: DemoSummary): Promise<void> {
  await writeFile(folder.report, renderReport(await collectReportData(httpReadApi(url), MODEL_NAME)));
  await createProcessorClient(url).exportPredictions(MODEL_NAME, folder.predictions);
  if (json !== null) await writeFile(json, `${JSON.stringify(summary, null, 2)}\n`);
}
