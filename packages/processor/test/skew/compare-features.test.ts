import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { TidemarkError } from "@tidemark/semconv";
import { type CompareFeaturesOptions, compareFeatures } from "../../src/skew/compare-features.ts";
import type { FeatureSkew } from "../../src/skew/feature-skew.ts";

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), "tidemark-skew-"));
});
after(() => rmSync(folder, { recursive: true, force: true }));

type Row = Readonly<Record<string, number | string | null>>;

function write(name: string, rows: readonly Row[]): string {
  const path = join(folder, name);
  writeFileSync(path, rows.map((row) => JSON.stringify(row)).join("\n"));
  return path;
}

const START_MS = Date.UTC(2001, 4, 7);
const ROWS = 200;

/** What a feature store says, one row a quarter of an hour, of five customers in turn. */
const truth = Array.from({ length: ROWS }, (_, n) => ({
  id: `p-${String(n).padStart(3, "0")}`,
  customer: `c${n % 5}`,
  amount: 10 + ((n * 37) % 101) / 8,
  balance: 1_000 + ((n * 7919) % 997),
  city: ["Las Vegas", "Boise", "Reno"][n % 3]!,
}));

function recordsOf(served: (row: (typeof truth)[number], n: number) => Row): Row[] {
  return truth.map((row, n) => ({
    id: row.id,
    time: new Date(START_MS + n * 900_000).toISOString(),
    trace_id: `trace-${n}`,
    score: 0.5,
    amount: row.amount,
    balance: row.balance,
    city: row.city,
    ...served(row, n),
  }));
}

async function compare(
  records: readonly Row[],
  recomputed: readonly Row[] = truth,
  more: Partial<CompareFeaturesOptions> = {},
) {
  const report = await compareFeatures({
    recomputed: write("recomputed.jsonl", recomputed),
    records: write("records.jsonl", records),
    id: "id",
    columns: {},
    by: null,
    tolerance: 1e-6,
    ...more,
  });
  const feature = (name: string): FeatureSkew => report.features.find((found) => found.name === name)!;
  return { report, feature };
}

test("features that agree differ in no row, up to single precision", async () => {
  const { report, feature } = await compare(recordsOf((row) => ({ amount: Math.fround(row.amount / 3) * 3 })));
  assert.deepEqual(
    report.features.map(({ name, kind, rows, differing, explanation, examples }) => [
      name,
      kind,
      rows,
      differing,
      explanation,
      examples,
    ]),
    [
      ["amount", "numeric", ROWS, 0, null, []],
      ["balance", "numeric", ROWS, 0, null, []],
      ["city", "categorical", ROWS, 0, null, []],
    ],
  );
  assert.deepEqual([report.rows, report.notRecorded, report.notRecomputed], [ROWS, ["customer"], []]);
  assert.ok(feature("city").share!.upper > 0 && feature("city").share!.lower === 0);
  const strict = await compare(
    recordsOf((row) => ({ amount: row.amount * (1 + 1e-5) })),
    truth,
    { tolerance: 1e-4 },
  );
  assert.equal(strict.feature("amount").differing, 0);
});

test("what explains the differences is told: a factor, a difference, cut decimals, letters and blanks, another row", async () => {
  const f = async (served: Parameters<typeof recordsOf>[0], name: string, want: object, by: string | null = null) => {
    const { feature } = await compare(recordsOf(served), truth, { by });
    const { kind, share: _share, ...rest } = feature(name).explanation ?? { kind: "none", share: 0 };
    assert.deepEqual({ kind, ...rest }, want, JSON.stringify(feature(name)));
  };
  await f((row) => ({ amount: row.amount * 100 }), "amount", { kind: "ratio", ratio: 100 });
  await f((row) => ({ balance: row.balance + 32 }), "balance", { kind: "offset", offset: 32 });
  await f((row) => ({ amount: Math.round(row.amount) }), "amount", { kind: "rounded", decimals: 0 });
  await f((row) => ({ city: ` ${row.city.toUpperCase()}` }), "city", { kind: "letter_case_or_blanks" });
  // What the same customer had three quarters of an hour before is five rows before.
  await f(
    (_row, n) => ({ balance: truth[n - 5]?.balance ?? 0 }),
    "balance",
    { kind: "other_row", rows: 1, seconds: 4_500 },
    "customer",
  );
  await f((_row, n) => ({ balance: truth[n + 1]?.balance ?? 0 }), "balance", {
    kind: "other_row",
    rows: -1,
    seconds: 900,
  });
  await f((_row, n) => ({ balance: (n * 31_337) % 1_009 }), "balance", { kind: "none" });
});

test("a value on one side alone differs, and is counted by the side", async () => {
  const { feature } = await compare(
    recordsOf((_row, n) => (n % 10 === 0 ? { amount: null } : {})),
    truth.map((row, n) => (n % 20 === 0 || n === 1 ? { ...row, amount: null } : row) as Row),
  );
  const { rows, differing, missingServed, missingRecomputed, share, explanation, examples } = feature("amount");
  assert.deepEqual([rows, differing, missingServed, missingRecomputed, explanation], [190, 11, 10, 1, null]);
  assert.ok(share!.lower < 11 / 190 && share!.upper > 11 / 190);
  assert.equal(examples.length, 3);
});

test("the largest differences of a number and the most frequent of a category come with id, time and trace", async () => {
  const { feature } = await compare(
    recordsOf((row, n) => ({
      amount: n === 7 ? 1e6 : n === 9 ? row.amount + 1 : row.amount,
      city: row.city === "Reno" ? "RNO" : n === 0 ? "LAS" : row.city,
    })),
  );
  const [largest, next] = feature("amount").examples;
  assert.deepEqual(
    { ...largest },
    {
      id: "p-007",
      traceId: "trace-7",
      time: "2001-05-07T01:45:00.000Z",
      served: 1e6,
      recomputed: truth[7]!.amount,
      rows: 1,
    },
  );
  assert.equal(next!.id, "p-009");
  assert.deepEqual(
    feature("city").examples.map(({ id, served, recomputed, rows }) => [id, served, recomputed, rows]),
    [
      ["p-002", "RNO", "Reno", 66],
      ["p-000", "LAS", "Las Vegas", 1],
    ],
  );
});

test("rows without a record, records without a row, rows without an id and repeated ids are counted and left out", async () => {
  const { report } = await compare(recordsOf(() => ({})).slice(0, 150), [
    ...truth.slice(10),
    { ...truth[20]!, amount: 99 },
    { ...truth[30]!, id: null },
    { ...truth[30]!, id: "" },
  ]);
  const { rows, rowsWithoutRecord, recordsWithoutRow, rowsWithoutId, rowsOfRepeatedIds, features } = report;
  assert.deepEqual([rows, rowsWithoutRecord, recordsWithoutRow, rowsWithoutId, rowsOfRepeatedIds], [139, 50, 11, 2, 2]);
  assert.ok(features.every(({ differing }) => differing === 0));
});

test("records that carry no inputs are no skew: they are left out and counted", async () => {
  const bare = { amount: null, balance: null, city: null };
  const { report, feature } = await compare(
    recordsOf((_row, n) => (n % 4 === 0 ? {} : n === 1 ? { city: null } : bare)),
  );
  const { rows, rowsWithoutInputs, rowsWithoutRecord, recordsWithoutRow } = report;
  assert.deepEqual([rows, rowsWithoutInputs, rowsWithoutRecord, recordsWithoutRow], [51, 149, 0, 0]);
  assert.deepEqual(
    report.features.map(({ name, differing }) => [name, differing]),
    [
      ["city", 1],
      ["amount", 0],
      ["balance", 0],
    ],
  );
  assert.equal(feature("city").missingServed, 1);
});

test("codes keep their zeros in a CSV file, and columns may be named otherwise", async () => {
  const records = recordsOf((_row, n) => ({ zip: `0${2_100 + n}`, score_in: 1 }));
  const path = join(folder, "recomputed.csv");
  writeFileSync(path, ["prediction,zip_code", ...truth.map(({ id }, n) => `${id},0${2_100 + n}`)].join("\n"));
  const report = await compareFeatures({
    recomputed: path,
    records: write("records.jsonl", records),
    id: "prediction",
    columns: { zip: "zip_code" },
    by: null,
    tolerance: 1e-6,
  });
  assert.deepEqual([report.features.map(({ name }) => name), report.features[0]!.differing], [["zip"], 0]);
  assert.deepEqual(report.notRecomputed, ["amount", "balance", "city", "score_in"]);
});

test("files that cannot be compared say why", async () => {
  const records = recordsOf(() => ({}));
  const refusal = (message: RegExp) => (error: unknown) =>
    error instanceof TidemarkError && message.test(error.message);
  await assert.rejects(
    compare(records, truth, { id: "ids" }),
    refusal(/has no column "ids" for the id; did you mean "id"/),
  );
  await assert.rejects(
    compare(records, [{ id: "p-001", other: 1 }]),
    refusal(/no column for any input that is recorded: amount/),
  );
  await assert.rejects(compare(records, truth, { columns: { amount: "amont" } }), refusal(/did you mean "amount"/));
});
