import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { createDetectionReference, type JudgeOptions, judgeWindow } from "@tidemark/stats";

const REFERENCE = [400, 300, 150, 100, 50, 0];
/** Total variation 0.10: e is about 260, p about 1e-7. */
const DRIFTED = [310, 300, 185, 135, 70, 0];
const independent = { variance: [1, 1] } as const;

function judge(scale: number, options: JudgeOptions, referenceScale = 1) {
  const reference = createDetectionReference(
    REFERENCE.map((count) => count * referenceScale),
    "categorical",
  );
  return judgeWindow([{ reference, counts: DRIFTED.map((count) => count * scale) }], options);
}

describe("the joint proof of a drift against a small reference", () => {
  it("calls critical what evidence alone leaves a warning", () => {
    const { state, logEvidence, pValue } = judge(1, independent);
    assert.ok(logEvidence > Math.log(13) && logEvidence < Math.log(1000), `log e ${logEvidence}`);
    assert.ok(pValue < 0.001, `p ${pValue}`);
    assert.equal(state, "critical");
    assert.equal(judge(1, { ...independent, criticalBy: "evidence" }).state, "warning");
  });

  it("leaves the verdict to evidence where the rows depend on each other", () => {
    const inflated = { variance: [1.3, 1] } as const;
    assert.deepEqual(judge(1, inflated), judge(1, { ...inflated, criticalBy: "evidence" }));
  });

  it("leaves the verdict to evidence outside 300 to 800 effective rows and against 5,000 rows or more", () => {
    for (const [scale, referenceScale] of [
      [0.3, 1],
      [5, 1],
      [0.7, 5],
    ] as const) {
      assert.deepEqual(
        judge(scale, independent, referenceScale),
        judge(scale, { ...independent, criticalBy: "evidence" }, referenceScale),
      );
    }
  });
});
