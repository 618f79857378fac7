import type { MetricPoint, OutcomeRecord, PredictionRecord } from "@tidemark/schema";
import { TidemarkError } from "@tidemark/semconv";
import { CommitGroup } from "./commit-group.ts";
import { KnownBoundaries } from "./known-boundaries.ts";
import type { Store } from "./store.ts";

export interface IngestBatch {
  readonly predictions: readonly PredictionRecord[];
  readonly outcomes: readonly OutcomeRecord[];
  readonly points: readonly MetricPoint[];
}

export interface WriterOptions {
  /** Encoded bytes that may wait or be on their way to disk; a write beyond is refused. */
  readonly maxQueuedBytes: number;
  /** Wall clock, Unix milliseconds; stamps arrival. */
  readonly now: () => number;
  /** A commit that takes longer is repeated once, so that rows bear an arrival that is no older; never unless given. */
  readonly longestCommitMs?: number;
}

export interface Writer {
  /**
   * Resolves once every record of the batch is on disk. Rejects, with nothing acknowledged, when the commit that the
   * batch was part of failed, or with TidemarkError `storeBusy` when too much is waiting already.
   */
  write(batch: IngestBatch): Promise<void>;
  /** Encoded bytes not yet on disk. */
  queuedBytes(): number;
  /** How long the running commit has taken, in milliseconds; 0 where none runs. */
  committingForMs(): number;
  /** Everything that arrived before this Unix time in milliseconds is on disk or was refused. */
  visibleBefore(): number;
  /** Commits what waits, and resolves when nothing is left; never rejects, as the writes themselves do. */
  flush(): Promise<void>;
}

const COMMIT_INTERVAL_MS = 200;
const COMMIT_ROWS = 5_000;

/**
 * A writer with group commit: writes that arrive while another commit runs, or within 200 ms of its start, share the
 * next one; 5,000 rows do not wait. One durable commit costs about the same for 1 and for 5,000 rows.
 */
export function createWriter(store: Store, options: WriterOptions): Writer {
  const { longestCommitMs = Number.POSITIVE_INFINITY } = options;
  const boundaries = new KnownBoundaries(options.now);
  let waiting = new CommitGroup(boundaries);
  let committing: Promise<void> | null = null;
  let committingBytes = 0;
  let committingMs = 0;
  let lastCommitMs = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | null = null;

  function schedule(): void {
    if (committing !== null || waiting.writes === 0) return;
    const dueMs = waiting.rows >= COMMIT_ROWS ? 0 : lastCommitMs + COMMIT_INTERVAL_MS - performance.now();
    if (dueMs <= 0) commit();
    else timer ??= setTimeout(commit, dueMs);
  }

  function commit(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (committing !== null) return;
    const group = waiting;
    waiting = new CommitGroup(boundaries);
    committingBytes = group.byteLength;
    lastCommitMs = performance.now();
    committingMs = options.now();
    const done = (settle: () => void) => {
      committing = null;
      committingBytes = 0;
      settle();
      schedule();
    };
    committing = storeInTime(group).then(
      () => done(() => group.acknowledge()),
      (error: unknown) => done(() => group.refuse(error)),
    );
  }

  async function storeInTime(group: CommitGroup): Promise<void> {
    await group.store(store, committingMs);
    if (options.now() - committingMs <= longestCommitMs) return;
    committingMs = options.now();
    await group.store(store, committingMs);
    if (options.now() - committingMs <= longestCommitMs) return;
    throw new TidemarkError("storeBusy", `the store took more than ${longestCommitMs / 1000} s for a commit, twice`);
  }

  function queuedBytes(): number {
    return waiting.byteLength + committingBytes;
  }

  return {
    queuedBytes,
    committingForMs: () => (committing === null ? 0 : performance.now() - lastCommitMs),
    visibleBefore: () => (committing === null ? options.now() : committingMs),
    write(batch) {
      if (queuedBytes() >= options.maxQueuedBytes) {
        return Promise.reject(
          new TidemarkError(
            "storeBusy",
            `${queuedBytes()} bytes wait to be stored; the limit is ${options.maxQueuedBytes}`,
          ),
        );
      }
      const stored = waiting.add(batch);
      schedule();
      return stored;
    },
    async flush() {
      while (committing !== null || waiting.writes > 0) {
        if (committing === null) commit();
        await committing;
      }
    },
  };
}
