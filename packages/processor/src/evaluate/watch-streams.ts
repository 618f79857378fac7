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
  /** The state that stands for the looks before the first stored one, which retention removed; null where none were. */
  readonly base: ChainLink | null;
  /** The chain after the base and each window since, in order of time. */
  readonly chains: Map<number, string>;
  /**
   * From which window on its verdicts are those stored. Before it they are so only if the owner before, or this process before a stop, came to
   * publish what the looks of a window that it judged again led to.
   */
  publishedFromMs: number;
}

/** The digest of everything that led to the state after the window that starts at `startMs`. */
interface ChainLink {
  readonly startMs: number;
  readonly chain: string;
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
    const digests = await store.lookDigests(id);
    const known = heads.get(keyText(key));
    const isPublished = known !== undefined && known.publishedFromMs <= first.startMs;
    const goingOn = isPublished && goesOn(known, chainsOf(digests, known.base, streamRoot(model, lengthMs)));
    const { head, atMs, chains, outdated } = goingOn || (await restore(id, model, digests, first.startMs));
    heads.delete(keyText(key));
    // After a restart or a failure, windows may have been judged whose continuous verdict was never stored.
    const publishedMs = known === undefined ? await store.newestStreamVerdictMs(key, first.name) : atMs;
    const fromMs = Math.min(first.startMs, (publishedMs ?? Number.NEGATIVE_INFINITY) + 1);
    head.publishedFromMs = Math.min(head.publishedFromMs, fromMs);
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
      if (head.chains.size % WINDOWS_A_STATE === 0 || outdated.has(startMs)) {
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
    digests: readonly LookDigest[],
    beforeMs: number,
  ): Promise<Position> => {
    const states = await store.stateChains(id);
    const root = streamRoot(model, id.lengthMs);
    const firstMs = digests[0]?.startMs ?? Number.NEGATIVE_INFINITY;
    const base = states.findLast(({ startMs, chain }) => startMs < firstMs && chain.startsWith(`${root}:`)) ?? null;
    const chains = chainsOf(digests, base, root);
    const usable = states.findLast(({ startMs, chain }) => startMs < beforeMs && chains.get(startMs) === chain);
    const state = usable === undefined ? null : await store.stateOf(id, usable.chain);
    const atMs = usable === undefined || state === null ? Number.NEGATIVE_INFINITY : usable.startMs;
    const stream = new DriftStream({ context: model, windowMs: id.lengthMs, ...(state !== null && { state }) });
    const seen = new Map([...chains].filter(([startMs]) => startMs <= atMs));
    const outdated = new Set(states.map(({ startMs }) => startMs).filter((startMs) => startMs > atMs));
    return { head: { stream, base, chains: seen, publishedFromMs: Number.POSITIVE_INFINITY }, atMs, chains, outdated };
  };

  return async (judged) => {
    const own = judged.filter(({ model, window }) => window.name === shortestWindow(model.config.windows));
    for (const tasks of groupBy(own, ({ key }) => keyText(key)).values()) {
      await watchKey(tasks.reduce((first, task) => (task.window.startMs < first.window.startMs ? task : first)));
    }
  };
}

interface LookDigest {
  readonly startMs: number;
  readonly digest: string;
}

/** A stream, the window that it stands after, and the chains of all windows. */
interface Position {
  readonly head: Head;
  readonly atMs: number;
  readonly chains: ReadonlyMap<number, string>;
  /** Windows later on whose stored state other looks made: retention must not come to rely on it. */
  readonly outdated: ReadonlySet<number>;
}

/** The place of a stream in memory that has seen exactly the looks that lead up to the new ones; null where it has to be restored. */
function goesOn(head: Head, chains: ReadonlyMap<number, string>): Position | null {
  let atMs = Number.NEGATIVE_INFINITY;
  let seen = 0;
  for (const [startMs, chain] of chains) {
    if (head.chains.get(startMs) !== chain) break;
    atMs = startMs;
    seen += 1;
  }
  return seen === head.chains.size ? { head, atMs, chains, outdated: new Set() } : null;
}

/** What every chain of a stream begins with: the digest of what is watched. */
export function streamRoot({ profile, config }: Pick<MonitoredModel, "profile" | "config">, lengthMs: number): string {
  return hash(canonicalJson(["stream/3", profile.id, config.drift.ignore, lengthMs])).slice(0, 32);
}

/** By window the digest of everything that its state depends on: what is watched, and all looks up to it. */
function chainsOf(digests: readonly LookDigest[], base: ChainLink | null, root: string): Map<number, string> {
  const chains = new Map(base === null ? [] : [[base.startMs, base.chain]]);
  let chain = base?.chain ?? `${root}:`;
  for (const { startMs, digest } of digests) {
    chain = `${root}:${hash(`${chain} ${startMs} ${digest}`)}`;
    chains.set(startMs, chain);
  }
  return chains;
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
