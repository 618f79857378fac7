import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Profile } from "@tidemark/schema";
import type { TidemarkError } from "@tidemark/semconv";
import type { BuildProfileOptions } from "../../src/profile/build-options.ts";
import { buildProfile } from "../../src/profile/build-profile.ts";
import { readData } from "../../src/profile/data-file.ts";
import { EngineSession } from "../../src/store/engine-session.ts";
import { HOUR_MS, MONDAY_MS } from "../records.ts";
import { someVectors } from "./vector-rows.ts";

const ROWS = 1_000;
const DIMENSION = 16;

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), "tidemark-test-"));
});
after(() => rmSync(folder, { recursive: true, force: true }));

interface Row {
  readonly time: string;
  readonly score: number;
  readonly tokens: readonly number[];
  readonly text: readonly (number | null)[] | null;
}

/** Every fiftieth row has no vector; tokens are whole numbers. */
function someRows(): Row[] {
  return someVectors(ROWS, DIMENSION, 1).map((vector, i) => ({
    time: new Date(MONDAY_MS + i * HOUR_MS).toISOString(),
    score: (i % 100) / 100,
    tokens: [i, i + 1, 3],
    text: i % 50 === 49 ? null : vector.map((value) => Number(value.toFixed(6))),
  }));
}

function jsonLines(name: string, rows: readonly object[]): string {
  const path = join(folder, name);
  writeFileSync(path, rows.map((row) => JSON.stringify(row)).join("\n"));
  return path;
}

async function build(path: string, options: Partial<BuildProfileOptions> = {}) {
  const notices: string[] = [];
  const profile: Profile = await buildProfile({
    path,
    model: { name: "search", version: "1", type: "classification" },
    time: "time",
    onNote: (notice) => notices.push(notice),
    ...options,
  });
  return { profile, notices };
}

test("a column of vectors is found, whatever the format and the order of rows", async () => {
  const rows = someRows();
  const whole = jsonLines("whole.jsonl", rows);
  const { profile, notices } = await build(whole);
  assert.deepEqual(notices, []);
  assert.deepEqual(
    profile.fields.map(({ name }) => name),
    ["score"],
  );
  const [text, ...others] = profile.embeddings!;
  assert.equal(others.length, 0, "token ids are whole numbers");
  assert.deepEqual(
    [text!.name, text!.dimension, text!.states],
    ["text", DIMENSION, { valid: 980, missing: 20, zero: 0 }],
  );
  assert.ok(text!.spread > 0.2 && text!.spread < 1 && text!.effectiveDimensions < DIMENSION);
  assert.equal(text!.slices.length, 40);
  assert.ok(text!.periods.day!.usual < 0.3 && text!.periods.hour === null);
  assert.ok(JSON.stringify(text).length < 40_000);

  assert.equal((await build(jsonLines("turned.jsonl", rows.toReversed()))).profile.id, profile.id);
  const csv = join(folder, "whole.csv");
  const line = ({ time, score, tokens, text: own }: Row) =>
    `${time},${score},"[${tokens}]",${own === null ? "" : `"[${own}]"`}`;
  writeFileSync(csv, ["time,score,tokens,text", ...rows.map(line)].join("\n"));
  assert.deepEqual((await build(csv)).profile.embeddings, profile.embeddings);

  const session = EngineSession.forFiles();
  const parquet = join(folder, "whole.parquet");
  const lists = "time, score, tokens, arrayMap(x -> toFloat32(x), text) AS text";
  await readData(
    session,
    whole,
    `INSERT INTO FUNCTION file('${parquet}', 'Parquet') SELECT ${lists} FROM file('${whole}', 'JSONEachRow')`,
    "Null",
  );
  session.close();
  assert.deepEqual((await build(parquet)).profile.embeddings, profile.embeddings);
});

test("a file of vectors alone makes a profile", async () => {
  const { profile } = await build(
    jsonLines(
      "alone.jsonl",
      someRows().map(({ text }) => ({ text })),
    ),
    { time: undefined },
  );
  assert.deepEqual(profile.fields, []);
  assert.equal(profile.embeddings![0]!.periods.day, null);
});

test("a list that was not named and can be no vector is left out with a notice; a named one is refused", async () => {
  const ragged = jsonLines(
    "ragged.jsonl",
    someRows().map((row, i) => ({ ...row, text: Array.from({ length: 2 + (i % 5) }, () => 0.5) })),
  );
  const { profile, notices } = await build(ragged);
  assert.equal(profile.embeddings, undefined);
  assert.match(
    notices[0]!,
    /^column "text" is left out: it holds lists of several lengths, no vectors: 2 \(200 rows\), 3/,
  );
  await assert.rejects(build(ragged, { vectors: ["text"] }), /column "text" of .* holds lists of several lengths/);
  await assert.rejects(build(ragged, { vectors: ["score"] }), /holds values of type .*, not lists of numbers/);
  await assert.rejects(build(ragged, { vectors: ["texts"] }), /has no column "texts" for vectors; did you mean "text"/);
  const few = jsonLines("few.jsonl", someRows().slice(0, 100));
  assert.match((await build(few)).notices[0]!, /column "text" is left out: it holds 98 vectors; a reference needs 400/);
  const same = jsonLines(
    "same.jsonl",
    someRows().map((row) => ({ ...row, text: [0.5, 0.25, 1] })),
  );
  assert.match((await build(same)).notices[0]!, /column "text" is left out: .* or all have the same/);
  await assert.rejects(build(same, { vectors: ["text"] }), /column "text" of .* or all have the same/);
  const whole = await build(jsonLines("tokens.jsonl", someRows()), { vectors: ["tokens"] });
  assert.deepEqual(
    whole.profile.embeddings!.map(({ name, dimension }) => [name, dimension]),
    [["tokens", 3]],
  );
});

test("broken vectors among whole ones are refused by name, with the fix", async () => {
  const withRow = (text: Row["text"]) => jsonLines("broken.jsonl", [...someRows(), { ...someRows()[0]!, text }]);
  const refused = (message: RegExp) => (error: unknown) => {
    assert.match((error as TidemarkError).message, message);
    assert.ok((error as TidemarkError).fix);
    return true;
  };
  await assert.rejects(build(withRow([1, 2.5])), refused(/vectors of several lengths: 16 \(980 rows\), 2 \(1 rows\)/));
  await assert.rejects(
    build(withRow(Array.from({ length: DIMENSION }, (_, j) => (j === 3 ? null : 0.5)))),
    refused(/1 vectors with an element that is no finite number/),
  );
});
