import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { gzipSync } from "node:zlib";
import { openOutcomeFile } from "../../src/label/open-outcome-file.ts";
import { type OpenDataFile, openDataFile } from "../../src/profile/data-file.ts";
import { EngineSession } from "../../src/store/engine-session.ts";

const folder = mkdtempSync(join(tmpdir(), "tidemark-test-"));
const session = EngineSession.forFiles();
after(async () => {
  session.close();
  await EngineSession.drain();
  rmSync(folder, { recursive: true, force: true });
});

function write(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function typesOf(options: OpenDataFile): Promise<Record<string, string>> {
  const { columns } = await openDataFile(session, options);
  return Object.fromEntries(columns.map(({ name, type }) => [name, type]));
}

test("a number that begins with a zero is a code, one with an exponent is a number, and what is asked for as text is one", async () => {
  const path = write("codes.csv", "id,zip,score,count\n12,02134,0.5,7\n0012,10001,1e-05,0\n");
  assert.deepEqual(await typesOf({ path, texts: ["id"] }), {
    id: "String",
    zip: "String",
    score: "Float64",
    count: "Int64",
  });
});

test("what is no data file says what it is instead", async () => {
  mkdirSync(join(folder, "rows.csv"), { recursive: true });
  const rows: [path: string, message: RegExp][] = [
    [join(folder, "rows.csv"), /is a folder; expected one file/],
    [write("empty.csv", ""), /is empty$/],
    [write("header.csv", "id,truth\n"), /it has a header and no rows/],
    [write("semicolons.csv", "id;truth\na;yes\n"), /separated by semicolons; expected commas/],
    [write("tabs.csv", "id\ttruth\na\tyes\n"), /separated by tabs/],
    [write("utf16.csv", Buffer.from("\ufeffid,truth\na,yes\n", "utf16le")), /is not UTF-8 text/],
    [
      write("latin1.csv", Buffer.from("id,name\n\na,x\nb,M\u00fcller\n", "latin1")),
      /not UTF-8 text: line 4 has "b,M\ufffdller"/,
    ],
    [write("latin1.csv.gz", gzipSync(Buffer.from("id\nM\u00fcller\n", "latin1"))), /not UTF-8 text: line 2 has/],
    [write("ragged.csv", "id,truth\na,yes\nb,no,more\nc\n"), /do not have as many fields as its header/],
    [write("twice.csv", "id,truth,truth\na,yes,no\n"), /Duplicate column name .*"truth"/],
    [
      write("objects.jsonl", '{"id":"a","truth":"yes"}\n{"id":"b","truth":{"a":1}}\n'),
      /column 'truth' in row 1 differs/,
    ],
    [write("rows.parquet.zip", "PK"), /format of .* is unknown; .*\.gz, \.zst/],
  ];
  for (const [path, message] of rows) {
    await assert.rejects(openDataFile(session, { path }), (error: Error & { code?: string }) => {
      assert.equal(error.code, "TIDEMARK_DATA_UNREADABLE", error.stack);
      assert.match(error.message, message);
      assert.doesNotMatch(error.message, /DB::Exception|structure manually/);
      return true;
    });
  }
});

test("ids are read as they stand, whatever the file is written like", async () => {
  const lines = ["id,truth", "0012,yes", "12,no", "1e3,yes", "123456789012345678901234567890,no"];
  const text = `${lines.join("\n")}\n`;
  const files = {
    "plain.csv": text,
    "marked.csv": `\ufeff${text}`,
    "windows.csv": text.replaceAll("\n", "\r\n"),
    "packed.csv.gz": gzipSync(text),
  };
  for (const [name, content] of Object.entries(files)) {
    const file = await openOutcomeFile({ path: write(name, content), columns: { id: "id", label: "truth" } });
    const ids: string[] = [];
    for await (const row of file.read()) if (row.problem === null) ids.push(`${row.id} ${row.label}`);
    await file.close();
    assert.deepEqual(ids, ["0012 yes", "12 no", "1e3 yes", "123456789012345678901234567890 no"], name);
  }
});

test("a row that cannot be used is told by what is wrong with it, and where", async () => {
  const path = write(
    "odd.csv",
    'id,v,at\na,1.5,2001-01-01\n,1,2001-01-01\nb,,2001-01-01\nc,NaN,2001-01-01\nd,0x10,2001-01-01\ne,"1,5",2001-01-01\nf,-0,2001-01-01\ng,1e400,2001-01-01\nh,1,soon\n"i\nj",1,2001-01-01T09:00:00+09:00\n',
  );
  const file = await openOutcomeFile({ path, columns: { id: "id", value: "v", time: "at" } });
  const told: string[] = [];
  for await (const row of file.read()) {
    told.push(
      row.problem === null ? `${row.row} ${row.id} ${row.value} ${row.time}` : `${row.row} ${row.problem.reason}`,
    );
  }
  await file.close();
  assert.deepEqual(told, [
    "1 a 1.5 2001-01-01T00:00:00.000Z",
    "2 id_missing",
    "3 outcome_missing",
    "4 not_a_number",
    "5 not_a_number",
    "6 not_a_number",
    "7 f 0 2001-01-01T00:00:00.000Z",
    "8 not_a_number",
    "9 not_a_time",
    "10 i\nj 1 2001-01-01T00:00:00.000Z",
  ]);
});

test("a time is ISO 8601 and nothing that two people read differently", async () => {
  const good = [
    "2026-11-06",
    "2026-11-06T13:45Z",
    "2026-11-06 13:45:00.25+01:00",
    "2026-11-06T13:45:00-0330",
    "2026-11-06 13:45:00+00",
  ];
  const bad = [
    "06/11/2026",
    "11/06/2026 10:00",
    "6 Nov 2026",
    "06.11.2026",
    "20261106T134500Z",
    "2026-02-30",
    "2026-11-06T13:61",
    "1762435500",
  ];
  for (const [name, values] of [
    ["mixed", [...good, ...bad]],
    ["slashes", ["06/11/2026", "07/11/2026"]],
  ] as const) {
    for (const [ending, content] of [
      ["csv", ["id,truth,at", ...values.map((value, row) => `${row},yes,${value}`)]],
      ["jsonl", values.map((at, row) => JSON.stringify({ id: String(row), truth: "yes", at }))],
    ] as const) {
      const path = write(`${name}.${ending}`, content.join("\n"));
      const file = await openOutcomeFile({ path, columns: { id: "id", label: "truth", time: "at" } });
      const taken: string[] = [];
      for await (const row of file.read()) {
        if (row.problem === null) taken.push(row.time!);
        else assert.match(row.problem.message, /^column "at" is ".*"; expected .* ISO 8601 text such as/);
      }
      await file.close();
      const expected = [
        "2026-11-06T00:00:00.000Z",
        "2026-11-06T13:45:00.000Z",
        "2026-11-06T12:45:00.250Z",
        "2026-11-06T17:15:00.000Z",
        "2026-11-06T13:45:00.000Z",
      ];
      assert.deepEqual(taken, name === "mixed" ? expected : [], `${name}.${ending}`);
    }
  }
});
