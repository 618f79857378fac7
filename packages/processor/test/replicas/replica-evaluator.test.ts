import assert from "node:assert/strict";
import { test } from "node:test";
import type { Evaluator } from "../../src/evaluate/evaluator.ts";
import { StaleOwnerError } from "../../src/replicas/fenced-store.ts";
import type { Membership } from "../../src/replicas/membership.ts";
import { createReplicaEvaluator } from "../../src/replicas/replica-evaluator.ts";

const member = (generation: number, sinceMs = 0): Membership => ({ generation, sinceMs, owns: () => true });

/** A replica whose evaluators write down what they are asked; `judge` is what a pass does. */
async function replica(judge: (generation: number | null) => Promise<number> = async () => 1) {
  const asked: string[] = [];
  const state = { membership: null as Membership | null, nowMs: 0 };
  const evaluator = await createReplicaEvaluator({
    membership: () => state.membership,
    now: () => state.nowMs,
    refresh: async () => void asked.push("refresh"),
    takeOver: async (taken) => {
      const generation = taken?.generation ?? null;
      asked.push(`take over ${generation}`);
      return {
        run: async ({ late }) => {
          asked.push(`judge ${generation}${late ? " late" : ""}`);
          return judge(generation);
        },
        finish: () => void asked.push(`finish ${generation}`),
        progress: () => [],
      } satisfies Evaluator;
    },
  });
  asked.length = 0;
  return { evaluator, state, asked };
}

test("without a membership, and in its first five seconds, nothing is judged", async () => {
  const { evaluator, state, asked } = await replica();
  assert.equal(await evaluator.run({ late: true }), 0);
  state.membership = member(1, 1_000);
  state.nowMs = 5_900;
  assert.equal(await evaluator.run({ late: true }), 0);
  assert.deepEqual(asked, ["refresh", "refresh"]);
  state.nowMs = 6_000;
  assert.equal(await evaluator.run({ late: false }), 1);
  assert.deepEqual(asked.slice(2), ["refresh", "take over 1", "judge 1"]);
});

test("each membership begins with an evaluator of its own, which knows that a replay has ended", async () => {
  const { evaluator, state, asked } = await replica();
  state.nowMs = 10_000;
  state.membership = member(1);
  await evaluator.run({ late: false });
  await evaluator.run({ late: true });
  evaluator.finish();
  state.membership = member(2);
  await evaluator.run({ late: false });
  const judged = asked.filter((each) => each !== "refresh");
  assert.deepEqual(judged, [
    "take over 1",
    "judge 1",
    "judge 1 late",
    "finish 1",
    "take over 2",
    "finish 2",
    "judge 2",
  ]);
});

test("a pass that loses its ownership half-way ends quietly; other failures are told", async () => {
  let error: Error = new StaleOwnerError();
  const { evaluator, state } = await replica(async () => {
    throw error;
  });
  state.nowMs = 10_000;
  state.membership = member(1);
  assert.equal(await evaluator.run({ late: false }), 0);
  error = new Error("the store failed");
  await assert.rejects(evaluator.run({ late: false }), /the store failed/);
});
