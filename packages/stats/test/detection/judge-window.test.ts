import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { createDetectionReference, judgeWindow } from "@tidemark/stats";

const even = (bins: number, rows: number) => new Array<number>(bins).fill(rows);
const independent = { variance: [1, 1] } as const;

describe("judgeWindow", () => {
  it("judges slots with different numbers of bins when it is given the whole window on common bins", () => {
    const fine = createDetectionReference(even(20, 100), "numeric");
    const coarse = createDetectionReference(even(4, 100), "numeric");
    const overall = { reference: createDetectionReference(even(10, 240), "numeric"), counts: even(10, 24) };
    const stable = [
      { reference: fine, counts: even(20, 10) },
      { reference: coarse, counts: even(4, 10) },
    ];
    assert.throws(() => judgeWindow(stable, independent), /parts have 20 and 4 bins; give `overall`/);
    assert.equal(judgeWindow(stable, { ...independent, overall }).state, "ok");
    const shifted = [
      { reference: fine, counts: [...even(10, 0), ...even(10, 20)] },
      { reference: coarse, counts: [0, 0, 20, 20] },
    ];
    const moved = { ...overall, counts: [...even(5, 0), ...even(5, 48)] };
    assert.equal(judgeWindow(shifted, { ...independent, overall: moved }).state, "critical");
  });

  it("finds no drift in a window that only repeats its season, where a pooled reference would", () => {
    const night = createDetectionReference([500, 400, 100, 50], "numeric");
    const day = createDetectionReference([50, 100, 400, 500], "numeric");
    const parts = [{ reference: night, counts: [250, 200, 50, 25] }];
    assert.equal(judgeWindow(parts, independent).state, "ok");
    const both = createDetectionReference([550, 500, 500, 550], "numeric");
    assert.equal(judgeWindow([{ reference: both, counts: [250, 200, 50, 25] }], independent).state, "critical");
    const mixed = [...parts, { reference: day, counts: [5, 10, 40, 50] }];
    const verdict = judgeWindow(mixed, independent);
    assert.equal(verdict.state, "ok");
    assert.ok(Math.abs(verdict.location!.value) < 0.01);
  });

  it("says ok of a proved but negligible change, with the evidence shown", () => {
    const reference = createDetectionReference(even(20, 5_000_000), "numeric");
    const counts = even(20, 500_000).map((count, bin) => count * (1 + 0.03 * (bin % 2 ? 1 : -1)));
    const verdict = judgeWindow([{ reference, counts }], independent);
    assert.deepEqual([verdict.state, verdict.evidence, verdict.practical], ["ok", true, false]);
  });

  it("keeps below a user's threshold what is proved but smaller", () => {
    const parts = [
      { reference: createDetectionReference(even(10, 1000), "numeric"), counts: [...even(5, 75), ...even(5, 125)] },
    ];
    assert.equal(judgeWindow(parts, independent).state, "critical");
    for (const metric of ["psi", "js", "location"] as const) {
      const strict = judgeWindow(parts, { ...independent, threshold: { metric, value: 0.5 } });
      assert.deepEqual([strict.state, strict.evidence], ["ok", true], metric);
      const lenient = judgeWindow(parts, { ...independent, threshold: { metric, value: 1e-4 } });
      assert.equal(lenient.state, "critical", metric);
    }
  });

  it("does not hold categories to a line for location", () => {
    const parts = [{ reference: createDetectionReference(even(4, 1000), "categorical"), counts: [400, 200, 200, 200] }];
    assert.equal(judgeWindow(parts, { ...independent, threshold: { metric: "location", value: 1 } }).state, "critical");
  });

  it("needs 50 rows and 200 reference rows, and still describes what it has", () => {
    const small = createDetectionReference(even(4, 49), "categorical");
    const large = createDetectionReference(even(4, 50), "categorical");
    assert.equal(judgeWindow([{ reference: small, counts: even(4, 100) }], independent).state, "insufficient_data");
    assert.equal(judgeWindow([{ reference: large, counts: [13, 12, 12, 12] }], independent).state, "insufficient_data");
    const verdict = judgeWindow([{ reference: large, counts: [49, 0, 0, 0] }], independent);
    assert.ok(verdict.state === "insufficient_data" && verdict.evidence && verdict.psi! > 1);
  });

  it("describes an empty window without a NaN", () => {
    const verdict = judgeWindow(
      [{ reference: createDetectionReference([300, 300], "numeric"), counts: [0, 0] }],
      independent,
    );
    assert.deepEqual(
      [verdict.state, verdict.logEvidence, verdict.pValue, verdict.psi],
      ["insufficient_data", 0, 1, null],
    );
  });

  it("cannot find drift in a single bin", () => {
    const verdict = judgeWindow(
      [{ reference: createDetectionReference([300], "numeric"), counts: [400] }],
      independent,
    );
    assert.equal(verdict.state, "ok");
    assert.ok(Math.abs(verdict.logEvidence) < 1e-12 && verdict.pValue === 1 && Math.abs(verdict.psi!) < 1e-12);
  });

  it("takes a burst of a never-seen category as drift, one row not", () => {
    const reference = createDetectionReference([600, 400, 0], "categorical");
    assert.equal(judgeWindow([{ reference, counts: [60, 40, 1] }], independent).state, "ok");
    assert.equal(judgeWindow([{ reference, counts: [60, 40, 12] }], independent).state, "critical");
  });

  it("counts a difference beside what whole windows differ by, however many rows there are", () => {
    const reference = createDetectionReference(even(20, 5_000), "numeric");
    const counts = Array.from({ length: 20 }, (_, bin) => 500 + 8 * bin);
    const parts = [{ reference, counts }];
    const plain = judgeWindow(parts, independent);
    assert.equal(plain.state, "critical");
    const beside = judgeWindow(parts, { ...independent, between: [0.02, 0.02] });
    assert.equal(beside.state, "ok");
    assert.ok(beside.pValue > 0.05 && plain.pValue < 1e-9, `${beside.pValue}, ${plain.pValue}`);
    assert.ok(beside.location!.lower < 0 && plain.location!.lower > 0);
    assert.ok(beside.psiLower! < plain.psiLower! && beside.psi === plain.psi);
    assert.throws(() => judgeWindow(parts, { ...independent, between: [-1, 0] }), /between is \[-1,0\]/);
  });

  it("names what does not fit", () => {
    const reference = createDetectionReference([300, 300], "categorical");
    const numeric = createDetectionReference([300, 300], "numeric");
    const part = { reference, counts: [1, 2] };
    const rows: [Parameters<typeof judgeWindow>, RegExp][] = [
      [[[], independent], /parts is empty/],
      [[[{ reference, counts: [1] }], independent], /counts has 1 bins, its reference 2/],
      [[[{ reference, counts: [1, -2] }], independent], /counts holds -2/],
      [[[part, { reference: numeric, counts: [1, 2] }], independent], /mix numeric and categorical/],
      [[[part], { variance: [0.5, 1] }], /variance is \[0.5,1\]/],
    ];
    for (const [input, message] of rows) assert.throws(() => judgeWindow(...input), message);
  });
});
