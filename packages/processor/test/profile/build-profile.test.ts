import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { contentHash, type Profile } from "@tidemark/schema";
import type { BuildProfileOptions } from "../../src/profile/build-options.ts";
import { buildProfile } from "../../src/profile/build-profile.ts";
import { EngineSession } from "../../src/store/engine-session.ts";
import { HOUR_MS, MONDAY_MS } from "../records.ts";
import { withStore } from "../temporary-store.ts";

const MODEL = { name: "flight-delay", version: "1", type: "classification" } as const;

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), "tidemark-test-"));
});
after(() => rmSync(folder, { recursive: true, force: true }));

interface Row {
  readonly time: string;
  readonly distance: number | string | null;
  readonly origin: string | null;
  readonly score: number;
  readonly label: string;
  readonly outcome: string;
}

/** Three weeks, 120 rows an hour by day and 5 by night; an hour's distances are alike, and one in ten is missing. */
function sampleRows(): Row[] {
  const rows: Row[] = [];
  for (let hour = 0; hour < 21 * 24; hour++) {
    const inHour = hour % 24 < 4 ? 5 : 40;
    for (let row = 0; row < inHour; row++) {
      const n = hour * 131 + row;
      rows.push({
        time: new Date(MONDAY_MS + hour * HOUR_MS + Math.floor((row / inHour) * HOUR_MS)).toISOString(),
        distance: n % 10 === 0 ? null : ((hour * 37) % 900) + (n % 61) / 8,
        origin: n % 13 === 0 ? null : `airport ${n % 7}`,
        score: (n % 100) / 100,
        label: n % 100 >= 50 ? "late" : "on_time",
        outcome: n % 100 >= 50 || n % 9 === 0 ? "late" : "on_time",
      });
    }
  }
  return rows;
}

function write(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function jsonLines(rows: readonly object[]): string {
  return rows.map((row) => JSON.stringify(row)).join("\n");
}

function csv(rows: readonly Row[]): string {
  const names = Object.keys(rows[0]!);
  return [names, ...rows.map((row) => Object.values(row).map((value) => value ?? ""))]
    .map((cells) => cells.join())
    .join("\n");
}

const COLUMNS: Omit<BuildProfileOptions, "path"> = {
  model: MODEL,
  time: "time",
  prediction: { score: "score", label: "label" },
  outcome: { label: "outcome" },
  positiveLabel: "late",
};

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

test("a profile counts every reference row once in every field, by slot and in total", async () => {
  const rows = sampleRows();
  const profile = await buildProfile({ ...COLUMNS, path: write("rows.jsonl", jsonLines(rows)) });
  assert.deepEqual(profile.source, { rows: rows.length, start: rows[0]!.time, end: rows.at(-1)!.time });
  assert.deepEqual(
    profile.fields.map(({ target, name, kind }) => [target, name, kind]),
    [
      ["feature", "distance", "numeric"],
      ["feature", "origin", "categorical"],
      ["prediction", "score", "numeric"],
      ["prediction", "label", "categorical"],
      ["outcome", "label", "categorical"],
    ],
  );
  const slotCount = profile.season?.slotCount ?? 0;
  assert.ok(slotCount > 10 && slotCount < 168);
  for (const field of profile.fields) {
    assert.equal(sum(Object.values(field.states)), rows.length, field.name);
    assert.equal(sum(field.counts), field.states.valid, field.name);
    assert.equal(field.slots?.length, slotCount);
    field.counts.forEach((count, bin) => {
      assert.equal(sum(field.slots!.map((counts) => counts[bin]!)), count);
    });
    assert.equal(sum(field.missing.slots!), field.states.missing);
    const perSlot = field.slots!.map((counts, slot) => sum(counts) + field.missing.slots![slot]!);
    assert.ok(Math.min(...perSlot) >= 200, `slots hold ${Math.min(...perSlot)} rows at least`);
  }
  const [distance] = profile.fields;
  assert.equal(distance?.states.missing, rows.filter((row) => row.distance === null).length);
  const { id, ...content } = profile;
  assert.equal(id, contentHash(content));
});

test("rows that depend on their neighbours inflate the variance, against the season less than against the whole", async () => {
  const profile = await buildProfile({ ...COLUMNS, path: write("rows.jsonl", jsonLines(sampleRows())) });
  const [distance] = profile.fields;
  const { rows, slots } = distance!.varianceInflation;
  assert.ok(rows[0] > 5, `rows ${rows}`);
  assert.ok(slots !== null && slots[0] >= 1 && slots[0] < rows[0], `slots ${slots}`);
  const untimed = await buildProfile({
    ...COLUMNS,
    time: undefined,
    features: { distance: "numeric" },
    path: join(folder, "rows.jsonl"),
  });
  assert.equal(untimed.season, null);
  assert.deepEqual(untimed.fields[0]?.varianceInflation, { rows: [1, 1], slots: null });
});

test("the loss is kept by value of the categorical features and of the columns asked for besides", async () => {
  const rows = sampleRows().map((row, index) => ({
    ...row,
    plan: index % 200 === 0 ? "rare" : "usual",
    size: index % 2,
  }));
  const path = write("segments.jsonl", jsonLines(rows));
  const features = { distance: "numeric", origin: "categorical" } as const;
  const { risk } = await buildProfile({ ...COLUMNS, path, features, segments: ["plan", "size"] });
  const values = risk!.segments!.map(({ name, value }) => `${name} ${value}`);
  const airports = Array.from({ length: 7 }, (_, index) => `origin airport ${index}`);
  assert.deepEqual(
    values,
    [...airports, "plan usual", "size 0", "size 1"],
    "the rare plan has fewer than a hundred rows",
  );
  const lossOf = (row: Row) => (row.score - (row.outcome === "late" ? 1 : 0)) ** 2;
  const third = rows.filter(({ origin }) => origin === "airport 3");
  const { rows: count, mean, meanSquare, rowsPerIndependent } = risk!.segments![3]!;
  assert.equal(count, third.length);
  assert.ok(Math.abs(mean - sum(third.map(lossOf)) / third.length) < 1e-12);
  assert.ok(Math.abs(meanSquare - sum(third.map((row) => lossOf(row) ** 2)) / third.length) < 1e-12);
  assert.ok(rowsPerIndependent !== null);
});

test("performance is that of the predictions against the outcomes", async () => {
  const rows = sampleRows();
  const { performance } = await buildProfile({ ...COLUMNS, path: write("rows.jsonl", jsonLines(rows)) });
  const right = rows.filter((row) => row.label === row.outcome).length / rows.length;
  assert.ok(Math.abs(performance["ml.performance.accuracy"]! - right) < 1e-12);
  const brier = sum(rows.map((row) => (row.score - (row.outcome === "late" ? 1 : 0)) ** 2)) / rows.length;
  assert.ok(Math.abs(performance["ml.performance.brier_score"]! - brier) < 1e-12);
});

test("the order of the rows and the format of the file do not change the profile", async () => {
  const rows = sampleRows();
  const path = write("rows.jsonl", jsonLines(rows));
  const profiles: Profile[] = [await buildProfile({ ...COLUMNS, path })];
  profiles.push(await buildProfile({ ...COLUMNS, path: write("reversed.jsonl", jsonLines([...rows].reverse())) }));
  profiles.push(await buildProfile({ ...COLUMNS, path: write("rows.csv", csv(rows)) }));
  for (const [name, format] of [
    ["rows.parquet", "Parquet"],
    ["rows.arrow", "Arrow"],
  ] as const) {
    const session = EngineSession.forFiles();
    await session.run(
      `SELECT * FROM file('${path}', 'JSONEachRow') INTO OUTFILE '${join(folder, name)}' FORMAT ${format}`,
      {},
      format,
    );
    session.close();
    profiles.push(await buildProfile({ ...COLUMNS, path: join(folder, name) }));
  }
  assert.deepEqual(
    profiles.map(({ id }) => id),
    profiles.map(() => profiles[0]!.id),
  );
});

test("a profile can be made while a store is open in the same process", () =>
  withStore(async ({ store }) => {
    const path = write("small.csv", "a,b\n1,x\n2,y\n");
    const profile = await buildProfile({ path, model: MODEL });
    assert.equal(profile.source.rows, 2);
    assert.deepEqual(await store.query("SELECT 1 AS one"), [{ one: 1 }]);
  }));

test("wrong and extreme values have their states, and limits of time leave rows out", async () => {
  const path = write(
    "mixed.csv",
    "at,x,y\n2001-01-01 00:00:00,1,a\n2001-01-01 01:00:00,oops,\n2001-01-01 02:00:00,,b\n2001-01-01 03:00:00,inf,b\n2001-01-01 04:00:00,900,b\n2001-01-02 00:00:00,1,b\n",
  );
  const profile = await buildProfile({
    path,
    model: { ...MODEL, type: "regression" },
    time: "at",
    features: { x: "numeric", y: "categorical" },
    range: { x: { max: 100 } },
    to: "2001-01-02",
  });
  const [x, y] = profile.fields;
  assert.deepEqual(x?.states, {
    valid: 1,
    missing: 1,
    type_mismatch: 1,
    out_of_range: 1,
    unseen_category: 0,
    non_finite: 1,
  });
  assert.deepEqual(x?.counts, [0, 1, 1, 0]);
  assert.deepEqual([y?.counts, y?.states.missing], [[3, 1, 0], 1]);
  assert.equal(profile.season, null);
});

test("a form that every value of a column has is inferred; one value of another form, or few different ones, leave none", async () => {
  const two = (n: number) => String(n % 60).padStart(2, "0");
  const rows = Array.from({ length: 300 }, (_, n) => ({
    zip: String(10_000 + n),
    day: `2026-${two(1 + (n % 12))}-${two(1 + (n % 28))}`,
    at: `2026-01-02T03:${two(n)}:00Z`,
    id: `${(n + 2 ** 31).toString(16)}-aaaa-4bbb-8ccc-0123456789ab`,
    airport: `${"ABCDEFGHIJ"[n % 10]}${"KLMNO"[n % 5]}X`,
    address: `10.0.${n % 200}.1`,
    mail: `user${n}@example.org`,
    mostly: n === 7 ? "unknown" : String(10_000 + n),
    grade: n % 2 === 0 ? "AA" : "BB",
    name: `name ${n}`,
  }));
  const features = Object.fromEntries(Object.keys(rows[0]!).map((name) => [name, "categorical" as const]));
  const profile = await buildProfile({ path: write("forms.jsonl", jsonLines(rows)), model: MODEL, features });
  const formats = Object.fromEntries(
    profile.fields.map((field) => [field.name, field.kind === "categorical" ? field.pattern?.format : null]),
  );
  assert.deepEqual(formats, {
    zip: "5 digits",
    day: "ISO 8601 date",
    at: "ISO 8601 time",
    id: "UUID",
    airport: "3 capital letters",
    address: "IPv4 address",
    mail: "e-mail address",
    mostly: undefined,
    grade: undefined,
    name: undefined,
  });
});

test("without named features, empty columns, texts that name rows and times are none, and a person is told", async () => {
  const lines = Array.from(
    { length: 100 },
    (_, n) => `order ${n},${1000 + n},2026-01-02 03:04:${10 + (n % 40)},${n % 7},,x${n % 3}`,
  );
  const notes: string[] = [];
  const profile = await buildProfile({
    path: write("guessed.csv", `order,account,at,age,nothing,plan\n${lines.join("\n")}\n`),
    model: MODEL,
    onNote: (note) => notes.push(note),
  });
  assert.deepEqual(
    profile.fields.map(({ name, kind }) => `${name} ${kind}`),
    ["account numeric", "age numeric", "plan categorical"],
  );
  assert.match(
    notes.join("\n"),
    /^column "order" is left out: .*\ncolumn "account" has another whole number .*\ncolumn "at" is left out: it holds times; .*\ncolumn "nothing" is left out: it has no value/,
  );
  assert.ok(!JSON.stringify(profile).includes("order 7"));
});

test("what cannot be used is named, with the nearest name", async () => {
  const path = write("small.csv", "distance,origin,empty\n1,x,\n2,y,\n");
  const rows: [Partial<BuildProfileOptions>, RegExp][] = [
    [{ features: { distanze: "numeric" } }, /no column "distanze" for a feature; did you mean "distance"\?/],
    [{ prediction: { score: "q" } }, /no column "q" for the prediction score; its columns are distance, origin, empty/],
    [{ time: "distance" }, /column "distance" .* type Int64; expected a date, a timestamp or ISO 8601/],
    [{ time: "origin" }, /column "origin" .* has 2 values that are no time; row 1: column "origin" is /],
    [{ features: { origin: "numeric" } }, /column "origin" .* holds no numeric value/],
    [{ range: { origin: { min: 1 } } }, /origin, which is not a numeric feature/],
    [{ prediction: { label: "origin" }, positiveLabel: "z" }, /positive class "z"; its classes are x, y/],
    [{ path: join(folder, "none.csv") }, /there is no file/],
    [{ path: write("data.txt", "") }, /the format of .* is unknown/],
    [{ path: write("torn.parquet", "PAR1 not a parquet file") }, /cannot be read/],
  ];
  for (const [options, message] of rows) {
    await assert.rejects(buildProfile({ path, model: MODEL, ...options }), (error: Error & { code?: string }) => {
      assert.equal(error.code, "TIDEMARK_DATA_UNREADABLE", error.stack);
      assert.match(error.message, message);
      return true;
    });
  }
});
