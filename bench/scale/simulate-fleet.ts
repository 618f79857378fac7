import { murmur2 } from "@platformatic/kafka";
import { COSTS } from "../../packages/cli/src/capacity/plan-capacity.ts";
import type { SeededRandom } from "../detection/seeded-random.ts";
import { createWeightedValues, type WeightedValues } from "./weighted-values.ts";
import { zipfShares } from "./zipf-shares.ts";

export interface FleetLoad {
  readonly models: number;
  readonly features: number;
  readonly predictionsPerSecond: number;
  /** Of Zipf's law over the models. */
  readonly exponent: number;
  /** Whether records are keyed by model, or lie on any partition. */
  readonly keyedByModel: boolean;
  /** Times that late outcomes make each window be judged again, at any moment of the day after it closed. */
  readonly lateJudgements: number;
}

export interface Fleet {
  readonly replicas: number;
  readonly coresPerReplica: number;
  readonly partitions: number;
}

/** The loss of the busiest replica. */
export interface ReplicaLoss {
  readonly atSeconds: number;
  readonly backAfterSeconds: number;
}

export interface FleetReport {
  /** Share of its CPU that the busiest replica uses over the week; above 1 it falls behind without end. */
  readonly busiestUtilisation: number;
  readonly meanUtilisation: number;
  /** Seconds from a record's arrival in Kafka until it is durable. */
  readonly ingestLag: WeightedValues;
  /** Hours from a window's end until its verdict, of each first judgement; those that the week leaves open are Infinity. */
  readonly verdictLag: WeightedValues;
}

const STEP_SECONDS = 10;
const DAY_SECONDS = 86_400;
const WEEK_DAYS = 7;
/** The session's timeout, the way of the group to a new generation, and the new owner's grace. */
const UNREAD_SECONDS = 30 + 1;
const UNJUDGED_SECONDS = UNREAD_SECONDS + 5;
/** Durable in group commits. */
const COMMIT_SECONDS = 0.2;

interface JudgeTask {
  readonly closedAt: number;
  readonly cpuSeconds: number;
  readonly isFirst: boolean;
  left: number;
}

interface Replica {
  readonly tasks: JudgeTask[];
  used: number;
}

/**
 * A week of a fleet in steps of 10 s, from a Monday's midnight on, when the days' windows of all models close and the weeks'
 * too. Reading comes first, judging takes what is left, in the order in which windows closed; CPU is divided without loss.
 * When a replica is lost its partitions are unread until the group gives them to the others, the window in work begins anew at its next owner, and
 * what it read and did not commit, less than a second's, is left out. Costs are those of `tidemark capacity`.
 */
export function simulateFleet(
  { load, fleet, loss }: { readonly load: FleetLoad; readonly fleet: Fleet; readonly loss: ReplicaLoss | null },
  random: SeededRandom,
): FleetReport {
  const { replicas: count, coresPerReplica, partitions } = fleet;
  const shares = zipfShares(load.models, load.exponent);
  const partitionOf = Array.from(
    shares,
    (_, rank) => (murmur2(Buffer.from(`default/model-${rank}`)) & 0x7fff_ffff) % partitions,
  );
  const rowSeconds = (COSTS.ingestMicros.prediction + load.features * COSTS.ingestMicros.feature) / 1e6;
  const arriving = new Float64Array(partitions).fill(load.keyedByModel ? 0 : load.predictionsPerSecond / partitions);
  for (const [rank, share] of load.keyedByModel ? shares.entries() : []) {
    arriving[partitionOf[rank]!]! += share * load.predictionsPerSecond;
  }

  const owners = (lost: number | null): number[] => {
    const alive = Array.from({ length: count }, (_, index) => index).filter((index) => index !== lost);
    return Array.from({ length: partitions }, (_, partition) => alive[partition % alive.length]!);
  };
  const replicas: Replica[] = Array.from({ length: count }, () => ({ tasks: [], used: 0 }));
  const backlog = new Float64Array(partitions);
  const ingestLag = createWeightedValues();
  const verdictLag = createWeightedValues();
  let owner = owners(null);
  let lost: number | null = null;

  const pending = closedWindows(load, shares, random);
  let next = 0;

  const end = WEEK_DAYS * DAY_SECONDS;
  for (let now = 0; now < end; now += STEP_SECONDS) {
    for (; next < pending.length && pending[next]!.at <= now; next++) {
      const { at, rank, closedAt, cpuSeconds } = pending[next]!;
      replicas[owner[partitionOf[rank]!]!]!.tasks.push({
        closedAt,
        cpuSeconds,
        isFirst: at === closedAt,
        left: cpuSeconds,
      });
    }
    if (loss !== null && lost === null && now >= loss.atSeconds && now < loss.atSeconds + loss.backAfterSeconds) {
      lost = replicas.reduce((best, each, index) => (each.used > replicas[best]!.used ? index : best), 0);
    }
    const since = loss === null ? Number.POSITIVE_INFINITY : now - loss.atSeconds;
    if (lost !== null && since >= UNREAD_SECONDS && owner.includes(lost)) {
      owner = owners(lost);
      const orphans = replicas[lost]!.tasks.splice(0);
      // Spread over all: which of the lost one's partitions a window belonged to does not matter here.
      for (const [index, task] of orphans.entries()) {
        task.left = task.cpuSeconds;
        replicas[owner[index % partitions]!]!.tasks.push(task);
      }
    }
    if (lost !== null && since >= loss!.backAfterSeconds) {
      lost = null;
      owner = owners(null);
    }

    const wanted = new Float64Array(count);
    for (let partition = 0; partition < partitions; partition++) {
      backlog[partition]! += arriving[partition]! * STEP_SECONDS;
      wanted[owner[partition]!]! += backlog[partition]! * rowSeconds;
    }
    const capacity = coresPerReplica * STEP_SECONDS;
    for (let index = 0; index < count; index++) {
      const replica = replicas[index]!;
      if (index === lost) continue;
      const reading = Math.min(capacity, wanted[index]!);
      let left = capacity - reading;
      const mayJudge = since < 0 || since >= UNJUDGED_SECONDS || loss === null;
      while (mayJudge && left > 0 && replica.tasks.length > 0) {
        const task = replica.tasks[0]!;
        const part = Math.min(left, task.left);
        task.left -= part;
        left -= part;
        if (task.left > 0) break;
        replica.tasks.shift();
        if (task.isFirst) verdictLag.add((now + STEP_SECONDS - task.closedAt) / 3_600, 1);
      }
      replica.used += capacity - left;
    }
    for (let partition = 0; partition < partitions; partition++) {
      const index = owner[partition]!;
      const served = index === lost ? 0 : Math.min(1, capacity / Math.max(wanted[index]!, 1e-12));
      backlog[partition]! *= 1 - served;
      if (arriving[partition]! > 0) {
        ingestLag.add(COMMIT_SECONDS + backlog[partition]! / arriving[partition]!, arriving[partition]! * STEP_SECONDS);
      }
    }
  }
  for (const { tasks } of replicas) {
    for (const { isFirst } of tasks) if (isFirst) verdictLag.add(Number.POSITIVE_INFINITY, 1);
  }
  const utilisations = replicas.map(({ used, tasks }) => {
    const waiting = tasks.reduce((sum, { left }) => sum + left, 0);
    return (used + waiting) / (coresPerReplica * end);
  });
  return {
    busiestUtilisation: Math.max(...utilisations),
    meanUtilisation: utilisations.reduce((sum, each) => sum + each, 0) / count,
    ingestLag,
    verdictLag,
  };
}

interface ClosedWindow {
  /** When it is to be judged, first or again, in seconds. */
  readonly at: number;
  /** Of its model, by traffic. */
  readonly rank: number;
  readonly closedAt: number;
  readonly cpuSeconds: number;
}

/** What a week asks for: each model's seven days, the week before, and each of these again as its outcomes come. */
function closedWindows(load: FleetLoad, shares: Float64Array, random: SeededRandom): ClosedWindow[] {
  const windows: ClosedWindow[] = [];
  const close = (closedAt: number, days: number) => {
    for (const [rank, share] of shares.entries()) {
      const values = share * load.predictionsPerSecond * DAY_SECONDS * days * load.features;
      const cpuSeconds = COSTS.windowMillis / 1e3 + (values * COSTS.windowMicrosPerValue) / 1e6;
      windows.push({ at: closedAt, rank, closedAt, cpuSeconds });
      for (let again = 0; again < load.lateJudgements; again++) {
        windows.push({ at: closedAt + random.uniform() * DAY_SECONDS, rank, closedAt, cpuSeconds });
      }
    }
  };
  close(0, WEEK_DAYS);
  for (let day = 0; day < WEEK_DAYS; day++) close(day * DAY_SECONDS, 1);
  return windows.sort((a, b) => a.at - b.at);
}
