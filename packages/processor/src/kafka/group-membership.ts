import { murmur2 } from "@platformatic/kafka";
import type { Membership } from "../replicas/membership.ts";

export interface JoinedGroup {
  readonly generation: number;
  /** Partitions of the topic by which models are given to members. */
  readonly partitions: ReadonlySet<number>;
  /** How many that topic has. */
  readonly partitionCount: number;
}

/** A member's part of a generation: it owns the models whose key, hashed as Java's clients hash keys, falls on its partitions. */
export function groupMembership({ generation, partitions, partitionCount }: JoinedGroup, sinceMs: number): Membership {
  return {
    generation,
    sinceMs,
    owns(tenant, model) {
      const hash = murmur2(Buffer.from(`${tenant}/${model}`)) & 0x7fff_ffff;
      return partitions.has(hash % partitionCount);
    },
  };
}
