// What a team fears: the Collector is killed, the processor is away. Afterwards every accepted record is counted once.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { type Processor, startProcessor } from "@tidemark/processor";
import { configSchema } from "@tidemark/schema";
import { pino } from "pino";
import { churnProfile, predictionEvent } from "./tools/churn-events.ts";
import { freePorts } from "./tools/free-ports.ts";
import { sendEvents } from "./tools/otlp-json.ts";
import { poll } from "./tools/poll.ts";
import { type RunningCollector, startCollector } from "./tools/start-collector.ts";

const BATCH = 50;
const BATCH_EVERY_MS = 200;
const PROCESSOR_AWAY_MS = 120_000;

test("Collector killed mid-run, processor away for two minutes: every accepted record is counted once", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "tidemark-recovery-"));
  await churnProfile(folder);
  const [port = 0] = await freePorts(1);
  const startIt = () =>
    startProcessor({
      config: configSchema.parse({
        server: { port },
        store: { path: "data" },
        models: [{ name: "churn", profile: "profile.json", windows: ["1h"] }],
      }),
      directory: folder,
      logger: pino({ level: "silent" }),
    });
  const start = { configs: ["gateway.yaml"], cwd: folder, env: { TIDEMARK_PROCESSOR_URL: `http://127.0.0.1:${port}` } };
  let processor: Processor | null = await startIt();
  let collector: RunningCollector = await startCollector(start);
  const sender = startSender(collector.url);
  try {
    await poll("the first records are counted", 60, async () => ((await counted(processor!)) > 0 ? true : undefined));

    await collector.crash();
    const acceptedBefore = sender.accepted();
    collector = await startCollector(start, collector.ports);
    await poll("the sender goes on", 60, async () => (sender.accepted() > acceptedBefore ? true : undefined));

    await processor.close();
    processor = null;
    const back = performance.now() + PROCESSOR_AWAY_MS;
    const whileAway = sender.accepted();
    await poll("two minutes pass", 150, async () => (performance.now() >= back ? true : undefined));
    assert.ok(sender.accepted() > whileAway, "the Collector takes over what the processor cannot");
    await collector.crash();
    collector = await startCollector(start, collector.ports);
    processor = await startIt();

    const accepted = await sender.stop();
    const running = processor;
    const found = await poll("every accepted record is counted", 120, async () => {
      const count = await counted(running);
      return count >= accepted ? count : undefined;
    });
    assert.equal(found, accepted);
    // And it stays so: nothing comes twice, later.
    await sendEvents(collector.url, [predictionEvent(accepted, Date.now())]);
    await poll("one record more has come", 60, async () => ((await counted(running)) > accepted ? true : undefined));
    assert.equal(await counted(running), accepted + 1);
    console.log(`${accepted} records accepted and counted once`);
  } finally {
    await sender.stop();
    await collector[Symbol.asyncDispose]();
    await processor?.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

async function counted({ url }: Processor): Promise<number> {
  const answer = (await (await fetch(`${url}/v1/models`)).json()) as { models: { predictions: number }[] };
  return answer.models.reduce((sum, { predictions }) => sum + predictions, 0);
}

/** Sends without a break, and sends again what was not accepted, as an SDK does. */
function startSender(url: string): { accepted(): number; stop(): Promise<number> } {
  let accepted = 0;
  let stopped = false;
  const running = (async () => {
    for (let batch = 0; !stopped; batch++) {
      const nowMs = Date.now();
      const events = Array.from({ length: BATCH }, (_, index) => predictionEvent(batch * BATCH + index, nowMs));
      await poll("the Collector accepts", 120, async () => {
        await sendEvents(url, events);
        return true;
      });
      accepted += BATCH;
      const next = nowMs + BATCH_EVERY_MS;
      await poll("the next batch is due", 5, async () => (Date.now() >= next ? true : undefined));
    }
  })();
  return {
    accepted: () => accepted,
    async stop() {
      stopped = true;
      await running;
      return accepted;
    },
  };
}
