import assert from "node:assert/strict";
import { test } from "node:test";
import { groupMembership } from "../../src/kafka/group-membership.ts";

const COUNT = 6;
/** `Utils.toPositive(Utils.murmur2(key)) % 6` of kafka-clients 4.4.0, whose default partitioner it is. */
const JAVA = [
  ["default", "flight-delay", 1],
  ["default", "churn", 0],
  ["acme", "churn", 4],
  ["default", "größe-🚀", 2],
] as const;
const models = Array.from({ length: 600 }, (_, index) => `model-${index}`);
const ownedBy = (...partitions: number[]) =>
  groupMembership({ generation: 3, partitions: new Set(partitions), partitionCount: COUNT }, 0);

test("each model has one owner among the members of a generation, and every member has its share", () => {
  const members = [ownedBy(0, 3), ownedBy(1, 4), ownedBy(2, 5)];
  const counts = members.map((member) => models.filter((model) => member.owns("default", model)).length);
  for (const model of models) assert.equal(members.filter((member) => member.owns("default", model)).length, 1);
  // 600 models in three shares: five standard deviations are 58.
  for (const count of counts) assert.ok(Math.abs(count - 200) < 58, counts.join());
});

test("a model's partition is the one that Java's default partitioner gives its key", () => {
  for (const [tenant, model, partition] of JAVA)
    assert.ok(ownedBy(partition).owns(tenant, model), `${tenant}/${model}`);
});
