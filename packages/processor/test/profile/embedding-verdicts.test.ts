import assert from "node:assert/strict";
import { test } from "node:test";
import { modelConfigSchema, type Profile } from "@tidemark/schema";
import { attr, metric } from "@tidemark/semconv";
import {
  type Finding,
  findFirstCause,
  judgeAggregate,
  type VectorSample,
  type WindowAggregate,
} from "@tidemark/signals";
import { referenceEmbedding } from "../../src/profile/reference-embedding.ts";
import { someVectors } from "./vector-rows.ts";

const DIMENSION = 32;
const ROWS = 600;
const DAY_MS = 86_400_000;

const embedding = referenceEmbedding(
  { name: "text", dimension: DIMENSION, rows: 6_000, missing: 0 },
  {
    values: Float32Array.from(someVectors(6_000, DIMENSION, 1).flat()),
    hours: Int32Array.from({ length: 6_000 }, (_, row) => 490_000 + Math.floor(row / 10)),
  },
  true,
)!;
const profile: Profile = {
  format: "tidemark.profile/1",
  id: `sha256:${"0".repeat(64)}`,
  model: { name: "search", version: "1", type: "embedding" },
  source: { rows: 6_000, start: null, end: null },
  season: null,
  positiveLabel: null,
  fields: [],
  performance: {},
  embeddings: [embedding],
};

function judge(
  vectors: readonly (readonly number[])[],
  { drift = {}, ...states }: Partial<VectorSample> & { drift?: object } = {},
) {
  const sample: VectorSample = {
    name: "text",
    dimension: DIMENSION,
    ids: vectors.map((_, row) => `p-${row}`),
    hours: new Int32Array(vectors.length),
    rows: vectors.length,
    values: Float32Array.from(vectors.flat()),
    missing: 0,
    wrongDimension: 0,
    nonFinite: 0,
    ...states,
  };
  const aggregate: WindowAggregate = {
    tenant: "default",
    model: "search",
    version: "1",
    role: "champion",
    window: { name: "24h", startMs: 0, endMs: DAY_MS },
    predictions: ROWS,
    effectivePredictions: ROWS,
    earlierPredictions: [],
    fields: [],
    labelled: [],
    segments: [],
    outcomes: { delaySeconds: null, late: 0, duplicate: 0, corrected: 0, conflict: 0 },
    service: null,
    embeddings: [sample],
  };
  const config = modelConfigSchema.parse({ name: "search", profile: "profile.json", drift });
  const context = { profile, config, configId: "" };
  const findings = judgeAggregate(aggregate, context);
  const of = (name: string): Finding | undefined =>
    findings.drift.find(({ target, metric: own }) => target.kind === "embedding" && own === name);
  const share = (rule: string) =>
    findings.data_quality.find(({ attributes }) => attributes[attr.qualityRule] === rule)?.state ?? null;
  return {
    severity: of(metric.driftSeverity),
    shift: of(metric.driftCentroidShift),
    share,
    cause: findFirstCause(aggregate, findings, context),
  };
}

test("stable windows are ok, and their centroid has not moved", () => {
  for (let seed = 10; seed < 20; seed++) {
    const { severity, shift, cause } = judge(someVectors(ROWS, DIMENSION, seed));
    assert.equal(severity!.state, "ok");
    assert.ok(shift!.value! < 0.1 && shift!.lower! < 0.05, `${shift!.lower} ${shift!.value}`);
    assert.ok(shift!.evidence.numbers["cosine"]! > 0.995);
    assert.equal(cause, null);
  }
});

test("a shift of content is critical, in spreads of the reference, and the cause names the vector feature", () => {
  const { severity, shift, cause } = judge(someVectors(ROWS, DIMENSION, 30, { shift: 0.5 }));
  assert.equal(severity!.state, "critical");
  assert.ok(shift!.lower! > 0.1 && shift!.value! < 1 && shift!.upper! > shift!.value!, JSON.stringify(shift));
  assert.deepEqual([cause?.kind, cause?.target], ["covariate_shift", "text"]);
  assert.match(
    cause!.explanation,
    /the mean vector moved by 0\.\d+ of the reference's spread .*of 42 directions carry it/,
  );
});

test("vectors of another model are told from other content", () => {
  const { severity, cause } = judge(someVectors(ROWS, DIMENSION, 31, { reversed: true }));
  assert.equal(severity!.state, "critical");
  assert.equal(cause?.kind, "type_change");
  assert.match(
    cause!.explanation,
    /of the vectors lie where a twentieth of the reference's do, as another embedding model/,
  );
});

test("vectors that are no longer normalised point where they did", () => {
  const { severity, shift, cause } = judge(someVectors(ROWS, DIMENSION, 32, { scale: 14 }));
  assert.equal(severity!.state, "critical");
  assert.ok(shift!.lower! < 0.05);
  assert.equal(cause?.kind, "unit_change");
  assert.match(cause!.explanation, /mean length is 14, 1 in the reference/);
});

test("rounding of the lengths is no change", () => {
  const rounded = someVectors(ROWS, DIMENSION, 33).map((row) => row.map((value) => Math.round(value * 2000) / 2000));
  assert.equal(judge(rounded).severity!.state, "ok");
});

test("zeros, one vector for all, gaps and other dimensions are faults of the data", () => {
  const fine = someVectors(ROWS, DIMENSION, 34);
  const zeros = judge(fine.map((row, i) => (i % 3 === 0 ? row.map(() => 0) : row)));
  assert.deepEqual([zeros.share("zero_vector"), zeros.cause?.kind], ["critical", "nulls"]);
  assert.equal(zeros.severity!.count, 400, "zeros have no direction");
  const one = judge(fine.map(() => fine[0]!));
  assert.deepEqual([one.share("constant"), one.cause?.kind], ["critical", "stuck"]);
  const gaps = judge(fine, { missing: 100 });
  assert.deepEqual([gaps.share("missing"), gaps.cause?.kind], ["critical", "nulls"]);
  const other = judge([], { wrongDimension: ROWS });
  assert.deepEqual([other.share("type_mismatch"), other.cause?.kind], ["critical", "type_change"]);
  assert.equal(other.severity!.state, "insufficient_data");
  const broken = judge(fine, { nonFinite: 60 });
  assert.deepEqual([broken.share("non_finite"), broken.cause?.kind], ["critical", "type_change"]);
  assert.equal(judge([], { missing: ROWS }).severity!.state, "no_data");
  assert.equal(judge(fine.slice(0, 40)).severity!.state, "insufficient_data");
});

test("a threshold on the location is one on the centroid's shift, and an ignored feature is not judged", () => {
  const moved = someVectors(ROWS, DIMENSION, 35, { shift: 0.5 });
  const lower = judge(moved).shift!.lower!;
  const line = (value: number) => judge(moved, { drift: { threshold: { metric: "location", value } } }).severity!;
  assert.equal(line(lower * 0.9).state, "critical");
  assert.equal(line(lower * 1.1).state, "ok");
  assert.ok(Math.abs(line(lower * 2).value! - 0.5) < 1e-9);
  assert.equal(judge(moved, { drift: { ignore: ["text"] } }).severity, undefined);
});
