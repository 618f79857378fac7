import { strict as assert } from "node:assert";
import { describe, it, type TestContext } from "node:test";
import { context } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { createHarness, FLIGHTS, GOOD_INPUTS, pointValue } from "../harness.ts";

/** A harness whose spans know what they run in. */
function createTracedHarness(t: TestContext) {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  t.after(() => context.disable());
  return createHarness();
}

const MEMBERS = ["trees", "linear"] as const;

function describeEnsemble({ tidemark }: ReturnType<typeof createHarness>) {
  const ensemble = tidemark.describeModel(FLIGHTS);
  const [trees, linear] = MEMBERS.map((name) =>
    tidemark.describeModel({
      name,
      version: "1",
      role: "member",
      ensemble: "flights",
      features: { distance: "numeric" },
      ignoredInputs: ["origin"],
    }),
  );
  return { ensemble, trees: trees!, linear: linear! };
}

describe("champion, challenger, shadow and canary", () => {
  const roles = ["champion", "challenger", "shadow", "canary"] as const;

  it("share the id of their request, and are told apart by role on points, events and spans", async (t) => {
    const { tidemark, points, events, spans } = createTracedHarness(t);
    for (const [index, role] of roles.entries()) {
      const model = tidemark.describeModel({ ...FLIGHTS, version: String(index), role });
      const score = index / 10;
      assert.equal(
        model.predict(
          GOOD_INPUTS,
          (id) => id,
          () => ({ score }),
          { id: "request-7" },
        ),
        "request-7",
      );
    }
    assert.deepEqual(
      events().map(({ attributes }) => [attributes["ml.inference.id"], attributes["ml.deployment.role"]]),
      [undefined, "challenger", "shadow", "canary"].map((role) => ["request-7", role]),
    );
    assert.deepEqual(
      spans.getFinishedSpans().map(({ attributes }) => attributes["ml.deployment.role"]),
      roles,
    );
    const collected = await points();
    for (const role of roles) {
      assert.equal(pointValue(collected, "ml.inference.predictions", { "ml.deployment.role": role }), 1, role);
    }
  });

  it("get an id of their own where the given one cannot be used", () => {
    const { tidemark, events } = createHarness();
    tidemark.describeModel(FLIGHTS).predict(GOOD_INPUTS, () => 1, undefined, { id: "" });
    assert.match(String(events()[0]!.attributes["ml.inference.id"]), /^[0-9a-f-]{36}$/);
  });
});

describe("an ensemble", () => {
  it("records each member with its contribution, under its own id and below its own span", async (t) => {
    const harness = createTracedHarness(t);
    const { ensemble, trees, linear } = describeEnsemble(harness);
    const answer = { trees: 0.9, linear: 0.4 };
    ensemble.predict(
      GOOD_INPUTS,
      () => answer,
      (scores) => ({
        score: 0.7 * scores.trees + 0.3 * scores.linear,
        members: [
          { model: trees, score: scores.trees, contribution: 0.7 * scores.trees },
          { model: linear, score: scores.linear, contribution: 0.3 * scores.linear, inputs: { distance: 1 } },
        ],
      }),
    );
    const events = harness.events().map(({ attributes }) => attributes);
    assert.equal(new Set(events.map((attributes) => attributes["ml.inference.id"])).size, 1);
    const told = ["ml.model.name", "ml.deployment.role", "ml.ensemble.name", "ml.ensemble.contribution"];
    assert.deepEqual(
      events.map((attributes) => told.map((name) => attributes[name])),
      [
        ["flights", undefined, undefined, undefined],
        ["trees", "member", "flights", 0.7 * 0.9],
        ["linear", "member", "flights", 0.3 * 0.4],
      ],
    );
    assert.deepEqual(events[0]!["ml.ensemble.answers"], answer);
    assert.equal(events[1]!["ml.ensemble.answers"], undefined);
    const spans = harness.spans.getFinishedSpans();
    const own = spans.find(({ name }) => name === "predict flights")!;
    for (const name of MEMBERS) {
      const span = spans.find((candidate) => candidate.name === `predict ${name}`)!;
      assert.equal(span.parentSpanContext?.spanId, own.spanContext().spanId, name);
    }
    const collected = await harness.points();
    const contribution = pointValue(collected, "ml.ensemble.contribution", { "ml.model.name": "trees" });
    assert.equal((contribution as { sum: number }).sum, 0.7 * 0.9);
    assert.equal(pointValue(collected, "ml.ensemble.contribution", { "ml.model.name": "flights" }), undefined);
  });

  it("tells on its own event what members answered that are only named: score, else value, else class; what is none is left out", () => {
    const harness = createHarness();
    const { ensemble } = describeEnsemble(harness);
    ensemble.record({
      inputs: GOOD_INPUTS,
      score: 0.5,
      members: [
        { model: "scored", score: 0.25, value: 7, label: "late" },
        { model: "measured", value: 7 },
        { model: "voted", label: true },
        { model: "silent" },
        { model: "broken", score: Number.NaN, label: "late" },
        { model: "", score: 0.5 },
        ...Array.from({ length: 40 }, (_, index) => ({ model: `tree${index}`, score: 0 })),
      ],
    });
    const [event] = harness.events();
    assert.equal(harness.events().length, 1);
    const { scored, measured, voted, ...rest } = event!.attributes["ml.ensemble.answers"] as Record<string, unknown>;
    assert.deepEqual([scored, measured, voted], [0.25, 7, "true"]);
    assert.deepEqual(
      Object.keys(rest),
      Array.from({ length: 26 }, (_, index) => `tree${index}`),
    );
  });

  it("records the members of a batch row by row, under the batch's ids and below its span", async (t) => {
    const harness = createTracedHarness(t);
    const { ensemble, trees } = describeEnsemble(harness);
    const ids = ensemble.recordBatch({
      inputs: [GOOD_INPUTS, GOOD_INPUTS],
      scores: [0.6, 0.3],
      timesMs: [1_000, 2_000],
      members: [
        { model: trees, scores: [0.9, 0.2], contributions: [0.45, 0.1], durationSeconds: 0.5 },
        { model: "linear", scores: Float64Array.of(0.3, Number.NaN) },
        { model: "voter", labels: ["late", null] },
      ],
    });
    const events = harness.events();
    const of = (name: string) => events.filter(({ attributes }) => attributes["ml.model.name"] === name);
    assert.deepEqual(
      of("flights").map(({ attributes }) => attributes["ml.ensemble.answers"]),
      [{ trees: 0.9, linear: 0.3, voter: "late" }, { trees: 0.2 }],
    );
    for (const name of ["flights", "trees"]) {
      assert.deepEqual(
        of(name).map(({ hrTime, attributes }) => [hrTime[0], attributes["ml.inference.id"]]),
        [
          [1, ids[0]],
          [2, ids[1]],
        ],
      );
    }
    assert.deepEqual(
      of("trees").map(({ attributes }) => attributes["ml.ensemble.contribution"]),
      [0.45, 0.1],
    );
    const spans = harness.spans.getFinishedSpans();
    const own = spans.find(({ name }) => name === "predict flights")!;
    assert.equal(
      spans.find(({ name }) => name === "predict trees")?.parentSpanContext?.spanId,
      own.spanContext().spanId,
    );
    const duration = pointValue(await harness.points(), "ml.inference.duration", { "ml.model.name": "trees" });
    assert.equal((duration as { sum: number }).sum, 0.5);
  });

  it("members of a batch that are none are counted, and the batch is recorded without them", async () => {
    const harness = createHarness();
    const { ensemble } = describeEnsemble(harness);
    for (const members of [7, [null], [{ scores: [0.5] }]]) {
      assert.equal(ensemble.recordBatch({ inputs: [GOOD_INPUTS], scores: [0.5], members: members as never }).length, 1);
    }
    assert.equal(harness.events().length, 3);
    const dropped = { "tidemark.drop.reason": "invalid_field" };
    assert.equal(pointValue(await harness.points(), "tidemark.instrumentation.dropped", dropped), 3);
  });

  it("is recorded after the fact as well, and a member that is no recorder costs an error that is counted", async () => {
    const harness = createHarness();
    const { ensemble, trees } = describeEnsemble(harness);
    const id = ensemble.record({
      inputs: GOOD_INPUTS,
      score: 0.5,
      members: [{ model: trees, score: 0.5, contribution: 0.5 }],
    });
    ensemble.record({ inputs: GOOD_INPUTS, members: [{ model: null as never }] });
    assert.deepEqual(
      harness
        .events()
        .slice(0, 2)
        .map(({ attributes }) => attributes["ml.inference.id"]),
      [id, id],
    );
    const collected = await harness.points();
    assert.equal(pointValue(collected, "ml.inference.predictions", { "ml.model.name": "flights" }), 2);
    assert.equal(
      pointValue(collected, "tidemark.instrumentation.dropped", { "tidemark.drop.reason": "internal_error" }),
      1,
    );
  });
});

describe("a pipeline", () => {
  it("of models is one trace, each stage a span that its operation names, parent of the next within it", async (t) => {
    const { tidemark, spans, events } = createTracedHarness(t);
    const stage = (name: string, operation: "preprocess" | "embed" | "rank") =>
      tidemark.describeModel({ name, version: "1", operation, features: {} });
    const [clean, embed, rank] = [stage("cleaner", "preprocess"), stage("encoder", "embed"), stage("ranker", "rank")];
    await clean!.predict({}, async () => {
      await embed!.predict({}, async () => "vector");
      return rank!.predict(
        {},
        async () => "order",
        () => ({ value: 1 }),
      );
    });
    const finished = spans.getFinishedSpans();
    assert.deepEqual(finished.map(({ name }) => name).sort(), ["embed encoder", "preprocess cleaner", "rank ranker"]);
    assert.equal(new Set(finished.map((span) => span.spanContext().traceId)).size, 1);
    const root = finished.find(({ name }) => name === "preprocess cleaner")!;
    for (const span of finished) {
      if (span !== root) assert.equal(span.parentSpanContext?.spanId, root.spanContext().spanId, span.name);
      assert.equal(span.attributes["ml.operation.name"], span.name.split(" ")[0]);
    }
    assert.deepEqual(
      new Set(events().map(({ spanContext }) => spanContext?.traceId)),
      new Set([root.spanContext().traceId]),
    );
  });
});
