import { createHash } from "node:crypto";
import { canonicalJson, type Measurement } from "@tidemark/schema";
import { attr } from "@tidemark/semconv";
import { DriftStream, type DriftStreamState } from "@tidemark/signals";
import { groupBy } from "../group-by.ts";
import type { MonitoredModel } from "../pipeline/monitored-models.ts";
import type { StreamKey, WindowLooks } from "../store/drift-streams.ts";
import { keyText, type ModelKey } from "../store/models.ts";
import { stampFinding } from "./judge-window.ts";
import { reviseMeasurements } from "./revise-measurements.ts";
import { shortestWindow } from "./shortest-window.ts";
import type { WindowSpan } from "./window-grid.ts";
import type { JudgeTask } from "./window-judge.ts";

/** What watching needs of the store. */
export interface StreamStore {
  /** Stores what windows add to the continuous verdicts. */
  saveLooks(items: readonly (StreamKey & WindowLooks)[]): Promise<void>;
  /** Start and digest of all stored looks, in order of time. */
  lookDigests(stream: StreamKey): Promise<readonly { readonly startMs: number; readonly digest: string }[]>;
  looksFrom(stream: StreamKey, fromMs: number): Promise<readonly WindowLooks[]>;
  stateChains(stream: StreamKey): Promise<readonly { readonly startMs: number; readonly chain: string }[]>;
  stateOf(stream: StreamKey, chain: string): Promise<DriftStreamState | null>;
  saveState(
    stream: StreamKey,
    snapshot: { readonly startMs: number; readonly chain: string; readonly state: DriftStreamState },
  ): Promise<void>;
  /** The stored continuous verdicts of the windows of a name that start at or after a time. */
  streamVerdictsFrom(key: ModelKey, windowName: string, fromMs: number): Promise<readonly Measurement[]>;
  /** Start of the newest window of a name that has them, Unix milliseconds; null where none has. */
  newestStreamVerdictMs(key: ModelKey, windowName: string): Promise<number | null>;
  save(measurements: readonly Measurement[]): Promise<void>;
}

export interface WatchOptions {
  readonly store: StreamStore;
  /** The continuous verdicts as they stand at the end of a window. */
  readonly onWatched: (key: ModelKey, window: WindowSpan, measurements: readonly Measurement[]) => void;
}

/** A stream in memory: the verdicts after the window that starts at `startMs`, and by which looks it came there. */
interface Head {
  readonly stream: DriftStream;
  /** The chain after each window, in order of time. */
  readonly chains: Map<number, string>;
}

/** States are kept after so many windows: a restart takes at most as many again from their looks. */
const WINDOWS_A_STATE = 32;

/** A measurement of the continuous reading. */
export function isStreamReading({ attributes }: Measurement): boolean {
  return attributes[attr.driftReading] === "stream";
}

/**
 * Reads the continuous drift verdicts on once windows of the shortest length were judged. They are a function of the stored
 * looks alone, in order of time: each state is known by the digest of all looks before it, so that a stored one is gone on
 * from only where exactly these made it, and what a late record changes is read again from its window on.
 */
export function createStreamWatch({ store, onWatched }: WatchOptions): (judged: readonly JudgeTask[]) => Promise<void> {
  const heads = new Map<string, Head>();

  const watchKey = async ({ model, key, window: first }: JudgeTask): Promise<void> => {
    const lengthMs = first.endMs - first.startMs;
    const id: StreamKey = { key, lengthMs, profileId: model.profile.id };
    const chains = chainsOf(await store.lookDigests(id), model, lengthMs);
    const known = heads.get(keyText(key));
    const { head, atMs } = (known && goesOn(known, chains)) ?? (await restore(id, model, chains, first.startMs));
    heads.delete(keyText(key));
    // After a restart or a failure, windows may have been judged whose continuous verdict was never stored.
    const publishedMs = known === undefined ? await store.newestStreamVerdictMs(key, first.name) : atMs;
    const fromMs = Math.min(first.startMs, (publishedMs ?? Number.NEGATIVE_INFINITY) + 1);
    const stored = Map.groupBy(await store.streamVerdictsFrom(key, first.name, fromMs), ({ window }) =>
      Date.parse(window.start),
    );
    const changed: Measurement[] = [];
    for (const { startMs, fields } of await store.looksFrom(id, atMs + 1)) {
      const chain = chains.get(startMs);
      if (chain === undefined) break;
      const window = { name: first.name, startMs, endMs: startMs + lengthMs };
      const findings = head.stream.take(fields);
      head.chains.set(startMs, chain);
      if (head.chains.size % WINDOWS_A_STATE === 0) {
        await store.saveState(id, { startMs, chain, state: head.stream.snapshot() });
      }
      if (startMs < fromMs) continue;
      const fresh = findings.map((finding) => stampFinding(finding, "drift", { ...key, window }, model));
      const revision = reviseMeasurements(stored.get(startMs) ?? [], fresh);
      changed.push(...revision.changed);
      onWatched(key, window, revision.current);
    }
    if (changed.length > 0) await store.save(changed);
    heads.set(keyText(key), head);
  };

  /** The stream as the last stored state leaves it that the same looks made, before a window whose looks may have changed. */
  const restore = async (
    id: StreamKey,
    model: MonitoredModel,
    chains: ReadonlyMap<number, string>,
    beforeMs: number,
  ): Promise<{ head: Head; atMs: number }> => {
    const states = await store.stateChains(id);
    const usable = states.findLast(({ startMs, chain }) => startMs < beforeMs && chains.get(startMs) === chain);
    const state = usable === undefined ? null : await store.stateOf(id, usable.chain);
    const atMs = usable === undefined || state === null ? Number.NEGATIVE_INFINITY : usable.startMs;
    const stream = new DriftStream({ context: model, windowMs: id.lengthMs, ...(state !== null && { state }) });
    return { head: { stream, chains: new Map([...chains].filter(([startMs]) => startMs <= atMs)) }, atMs };
  };

  return async (judged) => {
    const own = judged.filter(({ model, window }) => window.name === shortestWindow(model.config.windows));
    for (const tasks of groupBy(own, ({ key }) => keyText(key)).values()) {
      await watchKey(tasks.reduce((first, task) => (task.window.startMs < first.window.startMs ? task : first)));
    }
  };
}

/** Whether a stream in memory has seen exactly the looks that lead up to the new ones; null where it has to be restored. */
function goesOn(head: Head, chains: ReadonlyMap<number, string>): { head: Head; atMs: number } | null {
  let atMs = Number.NEGATIVE_INFINITY;
  let seen = 0;
  for (const [startMs, chain] of chains) {
    if (head.chains.get(startMs) !== chain) break;
    atMs = startMs;
    seen += 1;
  }
  return seen === head.chains.size ? { head, atMs } : null;
}

/** By window the digest of everything that its state depends on: what is watched, and all looks up to it. */
function chainsOf(
  digests: readonly { readonly startMs: number; readonly digest: string }[],
  { profile, config }: MonitoredModel,
  lengthMs: number,
): Map<number, string> {
  let chain = hash(canonicalJson(["stream/1", profile.id, config.drift.ignore, lengthMs]));
  return new Map(
    digests.map(({ startMs, digest }) => {
      chain = hash(`${chain} ${startMs} ${digest}`);
      return [startMs, chain];
    }),
  );
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
