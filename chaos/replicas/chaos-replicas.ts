import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Admin, Producer } from "@platformatic/kafka";
import { createSeededRandom } from "../../bench/detection/seeded-random.ts";
import { startKafka } from "../../test/e2e/tools/kafka.ts";
import { poll } from "../../test/e2e/tools/poll.ts";
import type { ChaosResult, ChaosSize } from "../chaos-result.ts";
import type { ProcessorProcess } from "../processor/processor-process.ts";
import { finish, judgedBy, kafkaOf, measurementsOf } from "./ask-processor.ts";
import { checkReplicas } from "./check-replicas.ts";
import { startClickHouseProcess } from "./click-house-process.ts";
import { makeMessages } from "./make-messages.ts";
import { atWork, settled, stall } from "./replica-faults.ts";
import { startReplicaProcess, startSingle, TOPIC } from "./replica-setup.ts";

const MESSAGES_A_RUN = 30;
const PARTITIONS = 6;
const REPLICAS = ["a", "b"];
/** Of the runs: a replica also stands still in the middle of its work, until the other has taken over. */
const STALL_SHARE = 0.4;

/**
 * Two processors on one store and one Kafka, all real processes; in each run one of them is killed at a random moment and
 * started again, and in some one also stands still until the other has taken its models over. Promised: every record is counted once, and each window has one judgement, to the bit that of a single
 * processor that was never killed.
 */
export async function chaosReplicas({ runs, seed, onRun }: ChaosSize): Promise<ChaosResult> {
  const top = mkdtempSync(path.join(tmpdir(), "tidemark-replicas-"));
  const random = createSeededRandom(`replicas/${seed}`);
  const below = (bound: number) => Math.floor(random.uniform() * bound);
  const plan = makeMessages(runs * MESSAGES_A_RUN, createSeededRandom(`messages/${seed}`));
  const replicas: ProcessorProcess[] = [];
  try {
    const expected = await judgeAlone(path.join(top, "single"), plan.messages);
    await using clickHouse = await startClickHouseProcess(top);
    await using kafka = await startKafka(top);
    await makeTopic(kafka.address);
    const at = { clickHouse: clickHouse.url, kafka: kafka.address };
    const start = (index: number) => startReplicaProcess(path.join(top, REPLICAS[index]!), at);
    for (const index of REPLICAS.keys()) replicas.push(await start(index));
    const producer = new Producer({ clientId: "chaos", bootstrapBrokers: [kafka.address] });
    let judged = 0;
    let stalls = 0;
    for (let run = 0; run < runs; run++) {
      const messages = plan.messages.slice(run * MESSAGES_A_RUN, (run + 1) * MESSAGES_A_RUN);
      const victim = below(REPLICAS.length);
      const killAfter = below(messages.length);
      for (const [number, value] of messages.entries()) {
        await producer.send({ messages: [{ topic: TOPIC, partition: below(PARTITIONS), value }], acks: -1 });
        if (number !== killAfter) continue;
        // Half of the kills meet a group at rest, the others one that still changes since the kill before.
        if (random.uniform() < 0.5) await atWork(replicas);
        judged += await judgedBy(replicas[victim]!);
        await replicas[victim]!.stop("SIGKILL");
      }
      replicas[victim] = await start(victim);
      if (random.uniform() < STALL_SHARE) {
        await atWork(replicas);
        await stall(replicas[victim]!, replicas[1 - victim]!);
        stalls++;
      }
      onRun(run + 1);
    }
    await producer.close();
    const measurements = await untilJudged(replicas, expected);
    for (const replica of replicas) judged += await judgedBy(replica);
    const check = await checkReplicas({ replicas, clickHouse, plan, expected, measurements });
    const counts = { kills: runs, stalls, messages: plan.messages.length, "windows judged": judged, ...check.counts };
    return { name: "replicas", runs, seed, counts, broken: check.broken };
  } catch (error) {
    for (const replica of replicas) console.error(replica.log().slice(-3_000));
    throw error;
  } finally {
    for (const replica of replicas) if (!replica.hasEnded()) await replica.stop("SIGKILL");
    rmSync(top, { recursive: true, force: true });
  }
}

/** What a processor finds that is alone and never killed. */
async function judgeAlone(folder: string, messages: readonly Buffer[]): Promise<string[]> {
  const single = await startSingle(folder);
  try {
    for (const body of messages) {
      const headers = { "content-type": "application/x-protobuf" };
      const answer = await fetch(`${single.url}/v1/logs`, { method: "POST", headers, body: new Uint8Array(body) });
      if (!answer.ok) throw new Error(`/v1/logs: ${answer.status} ${await answer.text()}`);
    }
    await finish(single);
    return await measurementsOf(single);
  } finally {
    await single.stop("SIGKILL");
  }
}

async function makeTopic(broker: string): Promise<void> {
  const admin = new Admin({ clientId: "chaos", bootstrapBrokers: [broker] });
  await admin.createTopics({ topics: [TOPIC], partitions: PARTITIONS, replicas: 1 });
  await admin.close();
}

/** The measurements once they are those expected, or as they stand after two minutes. */
async function untilJudged(replicas: readonly ProcessorProcess[], expected: readonly string[]): Promise<string[]> {
  await settled(replicas);
  await poll("everything is durable", 120, async () => {
    const states = await Promise.all(replicas.map(kafkaOf));
    return states.every(({ state, lag }) => state === "reading" && lag === 0) || undefined;
  });
  let found: string[] = [];
  const whole = JSON.stringify(expected);
  await poll("every window is judged", 120, async () => {
    for (const replica of replicas) await finish(replica);
    found = await measurementsOf(replicas[0]!);
    return JSON.stringify(found) === whole || undefined;
  }).catch(() => undefined);
  return found;
}
