import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  type Action,
  type AlertUpdate,
  type AuditEntry,
  advance,
  createLease,
  createPeopleCommands,
  createResponderState,
  decideApproval,
  type EngineParts,
  openDatabase,
  type Person,
  takeAlerts,
} from "@tidemark/responder";
import { createSeededRandom, type SeededRandom } from "../../bench/detection/seeded-random.ts";
import { chaosConfig } from "./chaos-config.ts";
import { Crash, crashingDatabase } from "./crashing-database.ts";
import { createFakeTarget, type FakeTarget, type TargetMood } from "./fake-target.ts";

/** What is left after a run, for the invariants to look at. */
export interface RunTrace {
  readonly actions: readonly Action[];
  readonly audit: readonly AuditEntry[];
  readonly target: FakeTarget;
  readonly crashes: number;
  readonly config: EngineParts["config"];
}

interface Replica {
  readonly parts: EngineParts;
  readonly isDead: () => boolean;
  readonly close: () => void;
}

const START_MS = Date.UTC(2026, 0, 5, 12);
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const STEPS = 120;
const SETTLE_ROUNDS = 140;
/** Rounds in which alerts whose end was lost become stale; shorter than the lease, so that somebody is there all the time. */
const STALE_ROUNDS = 90;
const STALE_STRIDE_MS = 50_000;
const CRASH_SHARE = 0.004;
const PEOPLE: readonly Person[] = [
  { name: "ada", roles: ["operations"], models: ["*"] },
  { name: "bob", roles: ["business"], models: ["*"] },
];
const MOODS: readonly TargetMood[] = ["fails", "hangs", "refuses", "caller_dies_before", "caller_dies_after"];

/**
 * One run: two replicas over one state, alerts that come twice and in any order, people who approve and reject, targets
 * that fail or hang, processes that die at any statement, a clock that jumps. At the end everything is left in peace
 * until nothing moves any more. Equal seeds make equal runs.
 */
export async function simulateRun(seed: string): Promise<RunTrace> {
  const random = createSeededRandom(seed);
  const folder = mkdtempSync(path.join(tmpdir(), "tidemark-chaos-"));
  let [nowMs, crashes, isCalm] = [START_MS, 0, false];
  const now = () => nowMs;
  const chance = (share: number) => !isCalm && random.uniform() < share;
  const target = createFakeTarget(() => (chance(0.35) ? pick(random, MOODS) : "answers"), now);
  const config = chaosConfig(random.uniform() < 0.1);
  writeFileSync(path.join(folder, "token"), "a-token-of-the-target");

  const startReplica = (holder: string): Replica => {
    const database = crashingDatabase(openDatabase(path.join(folder, "state.db")), () => chance(CRASH_SHARE));
    const state = createResponderState(database);
    const parts: EngineParts = {
      state,
      config,
      directory: folder,
      lease: createLease(database, holder, MINUTE_MS),
      now,
      reach: target.reachOf(database.die),
      lookUp: async (cases) => {
        if (chance(0.2)) throw new Error("the processor does not answer");
        return new Map(
          cases.map(({ id, target }) => [
            id,
            { incident: id, cause: causeOf(target), state: chance(0.1) ? "ok" : "critical", evidence: {} },
          ]),
        );
      },
      verdictsSince: async () => (chance(0.3) ? [] : [{ version: "1", state: chance(0.2) ? "critical" : "ok" }]),
      onChange: () => undefined,
    };
    return { parts, isDead: database.isDead, close: () => database.close() };
  };

  const replicas = [startReplica("a0"), startReplica("b0")];
  const on = async (index: number, work: (parts: EngineParts) => unknown): Promise<void> => {
    try {
      await work(replicas[index]!.parts);
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
    }
    if (!replicas[index]!.isDead()) return;
    crashes++;
    replicas[index]!.close();
    replicas[index] = startReplica(`${"ab"[index]}${crashes}`);
  };

  const sent: AlertUpdate[] = [];
  for (let step = 0; step < STEPS; step++) {
    const index = random.uniform() < 0.5 ? 0 : 1;
    await on(index, (parts) => disturb(parts, random, sent, nowMs));
    await on(index, advance);
    nowMs += stride(random);
  }
  isCalm = true;
  for (const { fingerprint, ...update } of sent) {
    const resolved = { ...update, fingerprint, isFiring: false, endsMs: nowMs };
    if (random.uniform() < 0.5) await on(0, (parts) => takeAlerts(parts.state, [resolved], "alertmanager", nowMs));
  }
  for (let round = 0; round < SETTLE_ROUNDS; round++) {
    await on(round % 2, advance);
    nowMs += 10 * MINUTE_MS;
  }
  for (let round = 0; round < STALE_ROUNDS; round++) {
    await on(0, advance);
    nowMs += STALE_STRIDE_MS;
  }
  const { state } = replicas[0]!.parts;
  const trace = { actions: state.actions.list(), audit: state.audit.list({ limit: 100_000 }), target, crashes, config };
  for (const replica of replicas) replica.close();
  rmSync(folder, { recursive: true, force: true });
  return trace;
}

/** One thing that the world does to a replica. */
function disturb(parts: EngineParts, random: SeededRandom, sent: AlertUpdate[], nowMs: number): void {
  const dice = random.uniform();
  const { state } = parts;
  if (dice < 0.35) {
    const update = newAlert(random, nowMs);
    sent.push(update);
    // Now and then its end comes first, and it itself with a later repetition.
    const first = dice < 0.04 ? { ...update, isFiring: false, endsMs: nowMs } : update;
    takeAlerts(state, [first], "alertmanager", nowMs);
  } else if (dice < 0.5 && sent.length > 0) {
    // Twice, late, or both.
    takeAlerts(state, [pick(random, sent), pick(random, sent)], "alertmanager", nowMs);
  } else if (dice < 0.6 && sent.length > 0) {
    const update = { ...pick(random, sent), isFiring: false, endsMs: nowMs };
    takeAlerts(state, [update], "alertmanager", nowMs);
  } else if (dice < 0.99 && !(dice > 0.85 && state.isKilled())) {
    for (const { id } of state.actions.list({ statuses: ["awaiting_approval"] })) {
      decideApproval(parts, { id, person: pick(random, PEOPLE), approve: random.uniform() < 0.8, reason: "chaos" });
    }
  } else {
    createPeopleCommands(parts).setKillSwitch(PEOPLE[0]!, !state.isKilled(), "chaos");
  }
}

function newAlert(random: SeededRandom, nowMs: number): AlertUpdate {
  const model = `model-${Math.floor(random.uniform() * 5)}`;
  const target = pick(random, ["distance", "nulls", "accuracy"]);
  return {
    fingerprint: `${model} ${target}`,
    isFiring: true,
    startsMs: nowMs - Math.floor(random.uniform() * HOUR_MS),
    endsMs: null,
    name: "ModelHealthCritical",
    severity: "critical",
    model,
    version: "1",
    signal: target === "accuracy" ? "performance" : "drift",
    target,
    annotations: {},
  };
}

function causeOf(target: string) {
  const kind = target === "nulls" ? "nulls" : target === "accuracy" ? "concept_shift" : "unit_change";
  return { kind, target, explanation: "" } as const;
}

/** Mostly minutes; now and then hours, or a jump of the clock either way. */
function stride(random: SeededRandom): number {
  const dice = random.uniform();
  if (dice < 0.03) return -Math.floor(random.uniform() * 5 * HOUR_MS);
  if (dice < 0.06) return Math.floor(random.uniform() * 30 * HOUR_MS);
  return Math.floor(random.uniform() * 5 * MINUTE_MS);
}

function pick<T>(random: SeededRandom, items: readonly T[]): T {
  return items[Math.floor(random.uniform() * items.length)]!;
}
