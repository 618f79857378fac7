import assert from "node:assert/strict";
import { type PairedMinute, taskLoss } from "@tidemark/signals";
import { readPairedMinutes } from "../../src/aggregate/paired-minutes.ts";
import { HOUR_MS, KEY, MONDAY_MS, outcome, prediction, profile } from "../records.ts";
import { testConfig } from "../service/start-test-processor.ts";
import { type TemporaryStore, testStores } from "../temporary-store.ts";

const CHALLENGER = { ...KEY, version: "2", role: "challenger" } as const;
const REQUEST = {
  key: CHALLENGER,
  window: { name: "1h", startMs: MONDAY_MS, endMs: MONDAY_MS + HOUR_MS },
  outcomeHorizonMs: HOUR_MS,
};
const loss = taskLoss(profile([]), testConfig().models[0]!.comparison)!;
const total = (minutes: readonly PairedMinute[], of: "asked" | "pairs" | "sum") =>
  minutes.reduce((sum, minute) => sum + minute[of], 0);

/**
 * Of each four recorded requests one was recorded for certain, three with probability 1/4: of 13 requests one was of the first kind. The
 * challenger is wrong of that kind alone, the champion of two in nine of the others.
 */
async function writeRequests({ write }: TemporaryStore, probabilityOfChallenger: (certain: boolean) => number) {
  const requests = Array.from({ length: 4_000 }, (_, at) => {
    const isCertain = at % 4 === 0;
    const samplingProbability = isCertain ? 1 : 0.25;
    const [id, ms] = [`r${at}`, MONDAY_MS + (at % 3_600) * 1_000];
    const answer = (isWrong: boolean) => ({ label: isWrong ? "late" : "on_time" });
    return {
      champion: prediction(id, ms, { samplingProbability, ...answer(!isCertain && at % 6 === 1) }),
      challenger: prediction(id, ms, {
        ...CHALLENGER,
        samplingProbability: probabilityOfChallenger(isCertain),
        ...answer(isCertain),
      }),
      outcome: outcome(id, ms + 1, { label: "on_time" }),
    };
  });
  await write({
    predictions: requests.flatMap(({ champion, challenger }) => [champion, challenger]),
    outcomes: requests.map((each) => each.outcome),
  });
}

testStores(
  "likelier requests count no more in a comparison, whichever of the two was recorded more seldom",
  async (temporary) => {
    const rows: [string, (certain: boolean) => number][] = [
      ["both alike", (certain) => (certain ? 1 : 0.25)],
      ["the challenger always", () => 1],
    ];
    for (const [name, probability] of rows) {
      await writeRequests(temporary, probability);
      const minutes = await readPairedMinutes(temporary.store, REQUEST, loss);
      const pairs = total(minutes, "pairs");
      assert.equal(total(minutes, "asked"), pairs);
      // All 3,000 of the seldom kind, and a quarter of the other 1,000 by hash: 69 are five deviations.
      assert.ok(Math.abs(pairs - 3_250) < 69, `${name}: ${pairs} pairs`);
      // The challenger is better, where a count of what was recorded says that it is worse (1/4 - 3/4 * 2/9).
      const difference = total(minutes, "sum") / pairs;
      assert.ok(Math.abs(difference - (1 / 13 - (12 / 13) * (2 / 9))) < 0.03, `${name}: ${difference}`);
    }
  },
);

testStores(
  "where all requests were recorded alike every pair counts, those without an outcome as asked",
  async ({ store, write }) => {
    const both = (id: string, second: number) => [
      prediction(id, MONDAY_MS + second * 1_000, { samplingProbability: 0.1, label: "late" }),
      prediction(id, MONDAY_MS + second * 1_000, { ...CHALLENGER, samplingProbability: 0.1, label: "on_time" }),
    ];
    await write({
      predictions: [...both("a", 1), ...both("b", 59), ...both("c", 60), both("alone", 61)[1]!],
      outcomes: [
        outcome("a", MONDAY_MS + 2_000, { label: "on_time" }),
        outcome("c", MONDAY_MS + 2 * HOUR_MS, { label: "late" }),
      ],
    });
    assert.deepEqual(await readPairedMinutes(store, REQUEST, loss), [
      { startMs: MONDAY_MS, asked: 2, pairs: 1, sum: -1 },
      { startMs: MONDAY_MS + 60_000, asked: 1, pairs: 0, sum: 0 },
    ]);
  },
);
