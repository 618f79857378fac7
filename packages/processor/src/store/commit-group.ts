import { createHash } from "node:crypto";
import {
  encodeAttributions,
  encodeBoundary,
  encodeMemberAnswers,
  encodeMetricPoint,
  encodeOutcome,
  encodePrediction,
  encodeProbabilities,
  encodeVectors,
} from "./encode-rows.ts";
import type { KnownBoundaries } from "./known-boundaries.ts";
import { RowBuffer } from "./row-buffer.ts";
import type { Store } from "./store.ts";
import type { TableName } from "./tables.ts";
import type { IngestBatch } from "./writer.ts";

const WEEK_NS = 7 * 86_400e9;
/** The engine refuses an insert that touches more than 100 partitions, which are weeks; rows may straddle two. */
const WEEKS_PER_INSERT = 45;

/** Writes that are committed together: encoded as they come, stored once, settled as one. */
export class CommitGroup {
  rows = 0;
  writes = 0;
  private readonly predictions = new Map<number, RowBuffer>();
  private readonly attributions = new Map<number, RowBuffer>();
  private readonly probabilities = new Map<number, RowBuffer>();
  private readonly memberAnswers = new Map<number, RowBuffer>();
  private readonly vectors = new Map<number, RowBuffer>();
  private readonly points = new Map<number, RowBuffer>();
  private readonly outcomes = new RowBuffer();
  private readonly boundaries = new RowBuffer();
  private readonly newHashes = new Map<string, bigint>();
  private readonly known: KnownBoundaries;
  private readonly settled: Promise<void>;
  private resolve: () => void = () => undefined;
  private reject: (error: unknown) => void = () => undefined;

  /** A successful commit adds its boundary lists to those that are known to be stored. */
  constructor(known: KnownBoundaries) {
    this.known = known;
    this.settled = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }

  get byteLength(): number {
    let sum = this.outcomes.byteLength + this.boundaries.byteLength;
    for (const buffer of this.predictions.values()) sum += buffer.byteLength;
    for (const buffer of this.attributions.values()) sum += buffer.byteLength;
    for (const buffer of this.probabilities.values()) sum += buffer.byteLength;
    for (const buffer of this.memberAnswers.values()) sum += buffer.byteLength;
    for (const buffer of this.vectors.values()) sum += buffer.byteLength;
    for (const buffer of this.points.values()) sum += buffer.byteLength;
    return sum;
  }

  /** Encodes a batch; the promise settles with the commit. */
  add(batch: IngestBatch): Promise<void> {
    for (const record of batch.predictions) {
      encodePrediction(weekBuffer(this.predictions, record.timeUnixNano), record);
      const { attributions, probabilities, memberAnswers, vectors, timeUnixNano } = record;
      if (attributions !== undefined) encodeAttributions(weekBuffer(this.attributions, timeUnixNano), record);
      if (probabilities !== undefined) encodeProbabilities(weekBuffer(this.probabilities, timeUnixNano), record);
      if (memberAnswers !== undefined) encodeMemberAnswers(weekBuffer(this.memberAnswers, timeUnixNano), record);
      if (vectors !== undefined) encodeVectors(weekBuffer(this.vectors, timeUnixNano), record);
    }
    for (const record of batch.outcomes) encodeOutcome(this.outcomes, record);
    for (const point of batch.points) {
      encodeMetricPoint(weekBuffer(this.points, point.timeUnixNano), point, this.boundaryHash(point.boundaries));
    }
    this.rows += batch.predictions.length + batch.outcomes.length + batch.points.length;
    this.writes++;
    return this.settled;
  }

  /** Stores everything; rejects where any of it fails. */
  async store(store: Store, receivedMs: number): Promise<void> {
    // Boundaries first: a stored point must never name boundaries that are not there.
    await insertAll(store, "boundary", [this.boundaries], receivedMs);
    await insertAll(store, "metric_point", [...this.points.values()], receivedMs);
    await insertAll(store, "attribution", [...this.attributions.values()], receivedMs);
    await insertAll(store, "class_probability", [...this.probabilities.values()], receivedMs);
    await insertAll(store, "member_answer", [...this.memberAnswers.values()], receivedMs);
    await insertAll(store, "vector", [...this.vectors.values()], receivedMs);
    await insertAll(store, "prediction", [...this.predictions.values()], receivedMs);
    await insertAll(store, "outcome", [this.outcomes], receivedMs);
    for (const [text, hash] of this.newHashes) this.known.add(text, hash);
  }

  /** Tells every write of the group that it is stored. */
  acknowledge(): void {
    this.resolve();
  }

  /** Tells every write of the group why it is not. */
  refuse(error: unknown): void {
    this.reject(error);
  }

  private boundaryHash(boundaries: readonly number[]): bigint {
    if (boundaries.length === 0) return 0n;
    const text = boundaries.join();
    let hash = this.known.get(text) ?? this.newHashes.get(text);
    if (hash === undefined) {
      hash = createHash("sha256").update(text).digest().readBigUInt64LE();
      this.newHashes.set(text, hash);
      encodeBoundary(this.boundaries, hash, boundaries);
    }
    return hash;
  }
}

function weekBuffer(weeks: Map<number, RowBuffer>, timeUnixNano: bigint): RowBuffer {
  const week = Math.floor(Number(timeUnixNano) / WEEK_NS);
  let buffer = weeks.get(week);
  if (buffer === undefined) {
    buffer = new RowBuffer();
    weeks.set(week, buffer);
  }
  return buffer;
}

async function insertAll(
  store: Store,
  table: TableName,
  weeks: readonly RowBuffer[],
  receivedMs: number,
): Promise<void> {
  const filled = weeks.filter((buffer) => buffer.byteLength > 0);
  for (let from = 0; from < filled.length; from += WEEKS_PER_INSERT) {
    const pieces = filled.slice(from, from + WEEKS_PER_INSERT).map((buffer) => buffer.toBytes());
    await store.insert(table, pieces, receivedMs);
  }
}
