import { poll } from "../../test/e2e/tools/poll.ts";
import type { ProcessorProcess } from "../processor/processor-process.ts";
import { judgedBy, kafkaOf } from "./ask-processor.ts";

/** Resolves when all are members of one generation. */
export async function settled(replicas: readonly ProcessorProcess[]): Promise<void> {
  await poll("all replicas share a generation", 120, async () => {
    const [first, ...others] = await Promise.all(replicas.map(kafkaOf));
    const isShared = others.every(({ generation }) => generation === first!.generation);
    return (first!.generation !== null && isShared) || undefined;
  });
}

/** Resolves when all are members of one generation and windows are judged in it, or none have been for 20 s. */
export async function atWork(replicas: readonly ProcessorProcess[]): Promise<void> {
  await settled(replicas);
  const sum = async () => (await Promise.all(replicas.map(judgedBy))).reduce((total, each) => total + each, 0);
  const before = await sum();
  await poll("windows are judged", 20, async () => (await sum()) > before || undefined).catch(() => undefined);
}

/**
 * Stops a replica without ending it, as a machine that stalls does, until the other has taken its models over and judged; then
 * it goes on where it was, an owner that is one no more.
 */
export async function stall(victim: ProcessorProcess, other: ProcessorProcess): Promise<void> {
  const { generation } = await kafkaOf(other);
  process.kill(victim.pid, "SIGSTOP");
  try {
    await poll("the other takes over", 60, async () => {
      const now = (await kafkaOf(other)).generation;
      return (now !== null && now !== generation) || undefined;
    });
    await atWork([other]);
  } finally {
    process.kill(victim.pid, "SIGCONT");
  }
}
