import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import { createTidemark, type Sampling } from "@tidemark/instrumentation";
import { captureDiag, createHarness, FLIGHTS, GOOD_INPUTS, type Harness } from "../harness.ts";

const QUIET = { ...FLIGHTS, spans: false } as const;

const idsOf = (events: readonly ReadableLogRecord[], name: string) =>
  events.filter(({ eventName }) => eventName === name).map(({ attributes }) => String(attributes["ml.inference.id"]));
const predicted = ({ events }: Harness) => idsOf(events(), "ml.inference.details");
const resolved = ({ events }: Harness) => idsOf(events(), "ml.outcome.reported");
const probabilities = ({ events }: Harness) =>
  events().flatMap(({ eventName, attributes }) =>
    eventName === "ml.inference.details" ? [attributes["ml.sampling.probability"] as number] : [],
  );

describe("stratified sampling", () => {
  const STRATA: Sampling = {
    probability: 0.05,
    strata: [
      { label: "late", scoreBetween: [0.9, 1], probability: 1 },
      { segment: { region: "west" }, probability: 0.5 },
      { scoreBetween: [0.4, 0.6], probability: 0.25 },
    ],
  };

  it("gives each prediction the probability of the first stratum that it is in, and estimates stay unbiased", () => {
    const harness = createHarness({ sampling: STRATA });
    const model = harness.tidemark.describeModel({ ...QUIET, segments: ["region"] });
    const rows = 8_000;
    for (let row = 0; row < rows; row++) {
      const score = (row % 100) / 100;
      const region = row % 7 === 0 ? "west" : "east";
      model.record({ inputs: GOOD_INPUTS, score, label: score > 0.5 ? "late" : "on_time", segments: { region } });
    }
    const byStratum = Map.groupBy(harness.events(), ({ attributes }) => attributes["ml.sampling.probability"]);
    assert.deepEqual([...byStratum.keys()].sort(), [0.05, 0.25, 0.5, 1]);
    assert.equal(byStratum.get(1)?.length, rows / 10);
    for (const { attributes } of byStratum.get(0.5) ?? []) assert.deepEqual(attributes["ml.segment.value"], ["west"]);
    const weights = probabilities(harness).map((probability) => 1 / probability);
    const estimate = weights.reduce((sum, weight) => sum + weight, 0);
    const variance = weights.reduce((sum, weight) => sum + weight * (weight - 1), 0);
    assert.ok(Math.abs(estimate - rows) < 4 * Math.sqrt(variance), `${estimate} of ${rows}`);
  });

  it("lets outcomes follow: those of kept predictions are sent, of others not, of unknown ones if they may be kept", () => {
    const harness = createHarness({ sampling: STRATA });
    const model = harness.tidemark.describeModel(QUIET);
    for (let row = 0; row < 2_000; row++) {
      const id = model.record({ inputs: GOOD_INPUTS, score: (row % 100) / 100, label: "late" });
      model.recordOutcome({ id, label: "late" });
    }
    assert.deepEqual(resolved(harness), predicted(harness));
    model.recordOutcome({ id: "made elsewhere", label: "late" });
    assert.equal(resolved(harness).at(-1), "made elsewhere");
  });

  it("keeps what shares a request's id together where the strata agree", () => {
    const harness = createHarness({ sampling: { probability: 0.3 } });
    const roles = (["champion", "shadow"] as const).map((role) => harness.tidemark.describeModel({ ...QUIET, role }));
    for (let row = 0; row < 500; row++) for (const model of roles) model.record({ inputs: GOOD_INPUTS, id: `r${row}` });
    const ids = predicted(harness);
    assert.equal(ids.length, 2 * new Set(ids).size);
  });
});

describe("sampling by trace", () => {
  it("keeps all models of a trace or none, and the outcomes of those", () => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    try {
      const harness = createHarness({ sampling: { probability: 0.3, by: "trace" } });
      const stages = ["clean", "score"].map((name) =>
        harness.tidemark.describeModel({ name, version: "1", features: {}, spans: false }),
      );
      const ids: string[] = [];
      for (let request = 0; request < 400; request++) {
        const traceId = (request * 7_919 + 1).toString(16).padStart(32, "0");
        const span = trace.wrapSpanContext({ traceId, spanId: "00000000000000ab", traceFlags: 1 });
        context.with(trace.setSpan(context.active(), span), () => {
          for (const stage of stages) ids.push(stage.record({ inputs: {} }));
        });
      }
      for (const id of ids) stages[0]!.recordOutcome({ id, label: "x" });
      const kept = predicted(harness);
      assert.ok(kept.length > 150 && kept.length < 330, `${kept.length} of 800`);
      const requestOf = (id: string) => ids.indexOf(id) >> 1;
      for (const [request, members] of Map.groupBy(kept, requestOf)) assert.equal(members.length, 2, `${request}`);
      assert.deepEqual(resolved(harness), kept);
    } finally {
      context.disable();
    }
  });

  it("decides by the id outside of a trace", () => {
    const harness = createHarness({ sampling: { probability: 0.5, by: "trace" } });
    const model = harness.tidemark.describeModel(QUIET);
    for (let row = 0; row < 200; row++) model.record({ inputs: GOOD_INPUTS, id: `id-${row}` });
    const byId = createHarness({ sampling: { probability: 0.5 } });
    const same = byId.tidemark.describeModel(QUIET);
    for (let row = 0; row < 200; row++) same.record({ inputs: GOOD_INPUTS, id: `id-${row}` });
    assert.deepEqual(predicted(harness), predicted(byId));
  });
});

describe("a reservoir", () => {
  const SAMPLING: Sampling = { reservoir: { size: 10, intervalMs: 1_000 } };

  it("sends at most its size an interval of event time, with the probability that this had", () => {
    const harness = createHarness({ sampling: SAMPLING });
    const model = harness.tidemark.describeModel(QUIET);
    for (let row = 0; row < 100; row++) model.record({ inputs: GOOD_INPUTS, timeMs: 5_000 + row });
    assert.deepEqual(predicted(harness), []);
    for (let row = 0; row < 4; row++) model.record({ inputs: GOOD_INPUTS, timeMs: 6_000 + row });
    assert.deepEqual(probabilities(harness), new Array(10).fill(0.1));
    harness.tidemark.flush();
    assert.deepEqual(probabilities(harness).slice(10), [1, 1, 1, 1]);
  });

  it("multiplies with the probabilities before it", () => {
    const harness = createHarness({ sampling: { ...SAMPLING, probability: 0.5 } });
    const model = harness.tidemark.describeModel(QUIET);
    for (let row = 0; row < 1_000; row++) model.record({ inputs: GOOD_INPUTS, timeMs: 5_000 });
    harness.tidemark.flush();
    const [probability] = probabilities(harness);
    // Some 500 of 1,000 get so far, and 10 of these are kept.
    assert.ok(probability! > 0.008 && probability! < 0.013, `${probability}`);
  });

  it("sends outcomes with their prediction, before and after it is sent, and none of those left out", () => {
    const harness = createHarness({ sampling: SAMPLING });
    const model = harness.tidemark.describeModel(QUIET);
    const ids = Array.from({ length: 60 }, () => model.record({ inputs: GOOD_INPUTS, timeMs: 5_000 }));
    for (const id of ids.slice(0, 30)) model.recordOutcome({ id, label: "late" });
    assert.deepEqual(resolved(harness), []);
    harness.tidemark.flush();
    for (const id of ids.slice(30)) model.recordOutcome({ id, label: "late" });
    assert.deepEqual(resolved(harness).sort(), predicted(harness).sort());
    assert.equal(predicted(harness).length, 10);
  });

  it("holds the outcome of a request until neither champion nor shadow waits for it", () => {
    const harness = createHarness({ sampling: { reservoir: { size: 4, intervalMs: 1_000 } } });
    const roles = (["champion", "shadow"] as const).map((role) => harness.tidemark.describeModel({ ...QUIET, role }));
    const ids = Array.from({ length: 50 }, (_, row) => `request-${row}`);
    for (const id of ids) for (const model of roles) model.record({ inputs: GOOD_INPUTS, id, timeMs: 5_000 });
    for (const id of ids) roles[0]!.recordOutcome({ id, label: "late" });
    harness.tidemark.flush();
    assert.deepEqual(new Set(resolved(harness)), new Set(predicted(harness)));
  });

  it("is sent by the clock when no further record comes", (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const harness = createHarness({ sampling: SAMPLING });
    harness.tidemark.describeModel(QUIET).record({ inputs: GOOD_INPUTS, timeMs: 5_000 });
    t.mock.timers.tick(1_000);
    assert.equal(predicted(harness).length, 1);
  });

  it("throws nothing out of its timer when the host's logger throws", (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const fail = (): never => {
      throw new Error("injected");
    };
    const messages = captureDiag(() => {
      const tidemark = createTidemark({ sampling: SAMPLING, loggerProvider: { getLogger: () => ({ emit: fail }) } });
      tidemark.describeModel(QUIET).record({ inputs: GOOD_INPUTS });
      t.mock.timers.tick(1_000);
    });
    assert.match(messages[0]!, /injected/);
  });
});

describe("sampling options that cannot be used", () => {
  it("keep more, never less, and say so", () => {
    const given: [Sampling, RegExp][] = [
      [{ probability: 2 }, /sampling\.probability is 2/],
      [{ by: "day" as never }, /sampling\.by is "day"/],
      [{ strata: [{ label: "late", probability: 0 }], probability: 1 }, /strata\[0\]\.probability is 0/],
      [{ strata: 7 as never }, /sampling\.strata is 7/],
      [{ reservoir: { size: 0 } }, /sampling\.reservoir is \{ size: 0/],
    ];
    for (const [sampling, message] of given) {
      const messages = captureDiag(() => {
        const harness = createHarness({ sampling });
        harness.tidemark.describeModel(QUIET).record({ inputs: GOOD_INPUTS, label: "late" });
        assert.deepEqual(probabilities(harness), [1]);
      });
      assert.match(messages[0]!, message);
    }
  });
});
