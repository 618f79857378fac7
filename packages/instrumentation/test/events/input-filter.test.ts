import { strict as assert } from "node:assert";
import { createHmac } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import type { FeatureRow, Inputs } from "@tidemark/instrumentation";
import fc from "fast-check";
import type { ModelPlan } from "../../src/aggregate/feature-plan.ts";
import { createInputFilter, type InputPolicies } from "../../src/events/input-filter.ts";
import { captureDiag, createHarness, FLIGHTS, GOOD_INPUTS } from "../harness.ts";

const KEY = Buffer.from("a secret of more than 16 bytes");
const BOUNDARIES = [-10, 0, 100, 500];
const PLAN: ModelPlan = {
  numeric: [
    { name: "distance", boundaries: BOUNDARIES, lowest: 0, highest: 5_000 },
    { name: "delay", boundaries: null, lowest: 0, highest: 0 },
  ],
  categorical: [{ name: "origin", categories: ["ATL", "LAX"], otherCategories: new Set(["JFK"]), codes: null }],
  vectors: [],
  columns: ["distance", "origin", "delay"],
  segments: [],
  ignoredInputs: [],
  isMember: false,
  scoreBoundaries: null,
  valueBoundaries: null,
  labels: { name: "label", categories: null, otherCategories: new Set(), codes: null },
  problems: [],
};

function send(policies: InputPolicies, inputs: Inputs | FeatureRow, key: Uint8Array | null = KEY): Inputs | undefined {
  return createInputFilter(PLAN, policies, key).filter?.(inputs);
}

const binOf = (value: number) => BOUNDARIES.filter((boundary) => boundary < value).length;

describe("createInputFilter", () => {
  it("lets nothing out unless allowed", () => {
    assert.equal(createInputFilter(PLAN, "none", KEY).filter, null);
    assert.equal(createInputFilter(PLAN, {}, KEY).filter, null);
    assert.deepEqual(send({ origin: "keep", distance: "drop" }, { origin: "ATL", distance: 1, delay: 2 }), {
      origin: "ATL",
    });
    assert.deepEqual(send("all", { origin: "ATL", secret: "x" }), { origin: "ATL" });
  });

  it("replaces a number by one of the same bin that depends on the bin alone", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), fc.double({ noNaN: true }), (left, right) => {
        const [a, b] = [left, right].map(
          (distance) => send({ distance: "bucket" }, { distance })!["distance"] as number,
        );
        assert.equal(binOf(a!), binOf(left));
        if (binOf(left) === binOf(right)) assert.equal(a, b);
      }),
    );
  });

  it("never lets free text out under all, only what the profile knows", () => {
    const sent = ["ATL", "JFK", "call me at 555-0100", 7, true].map((origin) => send("all", { origin }));
    assert.deepEqual(sent, [
      { origin: "ATL" },
      { origin: "JFK" },
      { origin: "_other_" },
      { origin: 7 },
      { origin: true },
    ]);
    const unlisted = { ...PLAN, categorical: [{ ...PLAN.categorical[0]!, categories: null }] };
    assert.deepEqual(createInputFilter(unlisted, "all", null).filter?.({ origin: "Jane Doe", distance: 7 }), {
      distance: 7,
    });
    assert.deepEqual(createInputFilter(unlisted, "all", null).filter?.({ distance: "Jane Doe" }), {});
    assert.deepEqual(send({ origin: "keep" }, { origin: "Jane Doe" }), { origin: "Jane Doe" });
  });

  it("reads a row by its columns, a code as what it stands for", () => {
    assert.deepEqual(send("all", Float64Array.of(700, 3, 5)), { distance: 700, origin: 3, delay: 5 });
    const coded = { ...PLAN, categorical: [{ ...PLAN.categorical[0]!, codes: ["JFK", "LAX"] }] };
    assert.deepEqual(createInputFilter(coded, "all", null).filter?.(Float32Array.of(700, 1, 5)), {
      distance: 700,
      origin: "LAX",
      delay: 5,
    });
  });

  it("replaces a category that the profile does not list by the rest", () => {
    const sent = ["ATL", "JFK", "XYZ", true].map((origin) => send({ origin: "bucket" }, { origin })!["origin"]);
    assert.deepEqual(sent, ["ATL", "_other_", "_other_", "_other_"]);
  });

  it("hashes under the key", () => {
    const want = createHmac("sha256", KEY).update("ATL").digest("hex").slice(0, 32);
    assert.deepEqual(send({ origin: "hash" }, { origin: "ATL" }), { origin: want });
    const other = send({ origin: "hash" }, { origin: "ATL" }, Buffer.from("another secret of 16 bytes"));
    assert.notEqual(other!["origin"], want);
  });

  it("leaves out what is missing, of another type, or throws when read", () => {
    const throwing = Object.defineProperty({ origin: "ATL" }, "distance", {
      get: () => assert.fail("read"),
      enumerable: true,
    });
    for (const policy of ["keep", "bucket", "hash"] as const) {
      const policies = { origin: "keep", distance: policy } as const;
      for (const distance of [undefined, null, 1n, {}, []]) {
        assert.deepEqual(send(policies, { origin: "ATL", distance }), { origin: "ATL" });
      }
      assert.deepEqual(send(policies, throwing), { origin: "ATL" });
    }
    assert.deepEqual(send({ distance: "bucket" }, { distance: Number.NaN }), {});
  });

  it("drops a feature whose policy cannot be kept, and says why", () => {
    const rows: [InputPolicies, RegExp][] = [
      [{ origin: "hash" }, /origin is not sent: .* needs hashKeyFile/],
      [{ delay: "bucket" }, /delay is not sent: .* needs a profile/],
      [{ origin: "encrypt" as never }, /origin is not sent: its policy is encrypt/],
      [{ orgin: "keep" }, /orgin has a policy but is not declared/],
    ];
    for (const [policies, want] of rows) {
      const { filter, problems } = createInputFilter(PLAN, policies, null);
      assert.equal(filter, null);
      assert.match(problems[0]!, want);
    }
  });
});

describe("hashKeyFile", () => {
  const folder = mkdtempSync(join(tmpdir(), "tidemark-"));
  after(() => rmSync(folder, { recursive: true }));
  const model = { ...FLIGHTS, events: { inputs: { origin: "hash" } } } as const;

  it("gives the key", () => {
    const hashKeyFile = join(folder, "key");
    writeFileSync(hashKeyFile, KEY);
    const { tidemark, events } = createHarness({ hashKeyFile });
    tidemark.describeModel(model).record({ inputs: GOOD_INPUTS });
    const { origin } = events()[0]!.attributes["ml.inference.inputs"] as { origin: string };
    assert.match(origin, /^[0-9a-f]{32}$/);
  });

  it("that is missing or too short hashes nothing and sends nothing", () => {
    const short = join(folder, "short");
    writeFileSync(short, "short");
    for (const [hashKeyFile, want] of [
      [short, /has 5 bytes, expected 16 or more/],
      [join(folder, "none"), /cannot be read: Error: ENOENT/],
    ] as const) {
      const messages = captureDiag(() => {
        const { tidemark, events } = createHarness({ hashKeyFile });
        tidemark.describeModel(model).record({ inputs: GOOD_INPUTS });
        assert.equal(events()[0]!.attributes["ml.inference.inputs"], undefined);
      });
      assert.match(messages[0]!, want);
      assert.match(messages[1]!, /origin is not sent/);
    }
  });
});
