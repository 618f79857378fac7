import assert from "node:assert/strict";
import { test } from "node:test";
import { ensembleText } from "../../src/commands/ensemble.ts";
import { fixtureApi } from "../report/report-fixture.ts";

test("an ensemble is told in lines: the ensemble, each member with its worth and weights, and the proposal", async () => {
  const [ensemble] = await fixtureApi({ seed: 7, story: "units" }).ensembles("flight-delay");
  assert.deepEqual(
    ensembleText(ensemble!)
      .split("\n")
      .map((line) => line.trim().replaceAll(/\s{2,}/g, " | ")),
    [
      "flight-delay 1 (champion), window of 24h to 2001-06-30T00:00:00.000Z, 1600 outcomes",
      "member | squared error | worth | weight, proposed",
      "the ensemble | 0.15 (0.14..0.16)",
      "<b>trees</b> | 0.16 (0.15..0.17) | 0.03 (0.02..0.04) | 0.5, 0.8",
      "linear | 0.2 (0.19..0.21) | -0.02 (-0.03..-0.01) | 0.5, 0.2",
      "members disagree on 21.0 % of the predictions",
      "refitted weights are proved better on 41000 outcomes",
    ],
  );
  const unread = {
    ...ensemble!,
    members: ensemble!.members.map((each) => ({ ...each, benefit: null, weightInUse: null })),
  };
  assert.match(ensembleText(unread), /linear +0\.2 \(0\.19\.\.0\.21\) +- +-, 0\.2/);
});
