// A planned run that falls into a stop: the real process, the real clock, a run a minute.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import type { ProcessorStatus, ScheduleStatus } from "@tidemark/processor";
import type { Measurement } from "@tidemark/schema";
import { churnProfile, predictionEvent } from "./tools/churn-events.ts";
import { freePorts } from "./tools/free-ports.ts";
import { sendEvents } from "./tools/otlp-json.ts";
import { startOtlpSink } from "./tools/otlp-sink.ts";
import { poll } from "./tools/poll.ts";
import { startServer } from "./tools/server-process.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const MINUTE_MS = 60_000;
const ROWS = 60;

/** The planned time at or before a time, of a schedule of every minute. */
const plannedAt = (timeMs: number) => new Date(Math.floor(timeMs / MINUTE_MS) * MINUTE_MS).toISOString();

test("a run planned for a time at which the processor was down is made once it is back: once, published once, by its planned time", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "tidemark-schedule-"));
  await using sink = await startOtlpSink();
  try {
    await churnProfile(folder);
    const [port = 0] = await freePorts(1);
    const config = [
      `server: { port: ${port} }`,
      "store: { path: data }",
      "clock: { allowedLateness: 1s }",
      `export: { url: ${sink.url}/v1/metrics, interval: 1s }`,
      "models:",
      '  - { name: churn, profile: profile.json, windows: [1m], schedule: { cron: "* * * * *", timeZone: Europe/Berlin } }',
    ];
    await writeFile(path.join(folder, "tidemark.yaml"), `${config.join("\n")}\n`);
    const url = `http://127.0.0.1:${port}`;
    const program = ["--conditions=tidemark-source", path.join(ROOT, "packages/cli/src/main.ts"), "serve"];
    const serve = () => startServer(process.execPath, [...program, "tidemark.yaml"], { cwd: folder });
    const read = async <T>(from: string) => (await (await fetch(`${url}${from}`)).json()) as T;
    const schedule = async () => (await read<ProcessorStatus>("/v1/status")).models[0]?.schedule ?? undefined;
    /** Judged windows that hold all of the rows. */
    const judged = async () => {
      const { measurements } = await read<{ measurements: Measurement[] }>(
        "/v1/measurements?model=churn&metric=ml.window.sample.count",
      );
      return measurements.filter(({ value }) => value === ROWS);
    };

    let sentMs = 0;
    {
      await using processor = serve();
      await poll("the processor is ready", 60, async () =>
        (await fetch(`${url}/readyz`)).ok ? true : undefined,
      ).catch((error) => {
        throw new Error(processor.output(), { cause: error });
      });
      // Not within a minute's first seconds, which wait for late records before the run planned for them, nor its last ones: the run
      // that takes these in is to fall into the stop.
      await poll("a minute is under way", 70, async () => {
        const intoMs = Date.now() % MINUTE_MS;
        return (intoMs > 5_000 && intoMs < 45_000) || undefined;
      });
      sentMs = Date.now();
      const events = Array.from({ length: ROWS }, (_, row) => predictionEvent(row, sentMs - (sentMs % 1_000)));
      await sendEvents(url, events);
      const first = await poll("the first run is made", 30, async () => {
        const state = await schedule();
        return state?.lastPlanned === null ? undefined : state;
      });
      assert.equal(first.lastPlanned, plannedAt(sentMs), "what was planned before the first start");
      assert.deepEqual(await judged(), [], "the minute of the rows is not over");
    }
    const backMs = Date.parse(plannedAt(sentMs)) + MINUTE_MS;
    await poll("the planned time passes", 70, async () => (Date.now() > backMs ? true : undefined));

    const planned = new Date(backMs).toISOString();
    const points = sink.items.length;
    /** Every planned time from one on is accounted for once: by a run, or by a later one that stood for it. */
    const accounted = ({ runs }: ScheduleStatus) => runs.on_time + runs.late + runs.skipped;
    const minutesSince = (from: string, { lastPlanned }: ScheduleStatus) =>
      (Date.parse(lastPlanned!) - Date.parse(from)) / MINUTE_MS;

    await using back = serve();
    const [measurement] = await poll("the missed run is made", 60, async () => {
      const found = await judged();
      return found.length > 0 ? found : undefined;
    }).catch((error) => {
      throw new Error(back.output(), { cause: error });
    });
    const made = await poll("the run is told", 10, async () => {
      const state = await schedule();
      return state !== undefined && accounted(state) > 0 ? state : undefined;
    });
    assert.equal(accounted(made), 1 + minutesSince(planned, made), "one run for the planned time that was missed");
    assert.equal(made.overdueSeconds, 0);
    assert.equal(measurement!.window.end, planned);
    assert.equal(measurement!.revision, 0);
    await poll("the result is exported", 20, async () => {
      const results = sink.items.slice(points).filter(({ name }) => name === "ml.window.sample.count");
      return results.some(({ body }) => Number(body["asDouble"] ?? body["asInt"]) === ROWS) ? true : undefined;
    });

    // Killed right after it: the run is neither made again nor forgotten.
    await back.crash();
    await using again = serve();
    const after = await poll("the processor is back once more", 60, async () => {
      const { evaluation } = await read<ProcessorStatus>("/v1/status");
      const state = await schedule();
      return evaluation.failures === 0 && state?.lastPlanned !== null ? state : undefined;
    }).catch((error) => {
      throw new Error(again.output(), { cause: error });
    });
    assert.equal(accounted(after), minutesSince(made.lastPlanned!, after));
    assert.deepEqual(await judged(), [measurement], "judged once, published in its first revision");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
