import type { Consumer } from "@platformatic/kafka";
import type { Membership } from "../replicas/membership.ts";
import { groupMembership } from "./group-membership.ts";

type Client = Consumer<Buffer, Buffer, Buffer, Buffer>;

export interface GroupWatch {
  /** Null before it has joined, while the group changes, and once the brokers may have given its partitions to another. */
  membership(): Membership | null;
}

export interface GroupOptions {
  /** The topic by whose partitions models are given to members. */
  readonly topic: string;
  /** Less than the brokers wait before they take a silent member's partitions away. */
  readonly leaseMs: number;
  /** The brokers do not say how many partitions the topic has. */
  readonly onFailure: (error: unknown) => void;
}

/** Follows a client's membership. It holds for `leaseMs` after the last heartbeat that the brokers answered was sent. */
export function watchGroup(client: Client, { topic, leaseMs, onFailure }: GroupOptions): GroupWatch {
  let membership: Membership | null = null;
  let aliveMs = 0;
  let sentMs = 0;
  let joins = 0;

  const end = () => {
    joins++;
    membership = null;
  };
  client.on("consumer:heartbeat:start", () => {
    sentMs = performance.now();
  });
  client.on("consumer:heartbeat:end", () => {
    aliveMs = sentMs;
  });
  client.on("consumer:group:rebalance", end);
  client.on("consumer:group:leave", end);
  client.on("consumer:group:join", ({ generationId = 0, assignments = [] }) => {
    end();
    const join = joins;
    const sinceMs = performance.now();
    // All members count the partitions as they join, so that they count the same.
    client.metadata({ topics: [topic], forceUpdate: true }, (error, metadata) => {
      if (join !== joins) return;
      const partitionCount = metadata?.topics.get(topic)?.partitionsCount;
      if (partitionCount === undefined) return onFailure(error ?? new Error(`the brokers do not know ${topic}`));
      const partitions = new Set(assignments.filter((each) => each.topic === topic).flatMap((each) => each.partitions));
      aliveMs = Math.max(aliveMs, sinceMs);
      membership = groupMembership({ generation: generationId, partitions, partitionCount }, sinceMs);
    });
  });
  return { membership: () => (performance.now() - aliveMs < leaseMs ? membership : null) };
}
