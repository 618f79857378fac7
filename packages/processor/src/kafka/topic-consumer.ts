import type { Membership } from "../replicas/membership.ts";

/** One message of a topic: an OTLP request in protobuf. */
export interface TopicMessage {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly value: Uint8Array;
}

/** A member of a consumer group. */
export interface TopicConsumer {
  /**
   * The messages that have come, at least one, those of a partition in order and without a gap since what is committed.
   * Rejects where brokers or group are lost, or when the signal ends the wait.
   */
  take(signal: AbortSignal): Promise<readonly TopicMessage[]>;
  /** Tells the group that these, and all before them in their partitions, need not come again. */
  commit(messages: readonly TopicMessage[]): Promise<void>;
  /** Which models it owns; null before it has joined, and once the brokers may have given its partitions to another. */
  membership(): Membership | null;
  /** Messages of its partitions that are not committed yet; null while unknown. */
  lag(): number | null;
  /** Leaves the group. Never rejects. */
  close(): Promise<void>;
}
