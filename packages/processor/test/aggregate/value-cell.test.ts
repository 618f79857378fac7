import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { numberCellSql, textCellSql } from "../../src/aggregate/value-cell.ts";
import { EngineSession } from "../../src/store/engine-session.ts";
import { quoteNumber, quoteText } from "../../src/store/quote.ts";

const FINITE = fc.double({ noNaN: true, noDefaultInfinity: true });

async function answer(session: EngineSession, sql: string): Promise<string> {
  return Buffer.from(await session.run(sql, {}, "TabSeparated"))
    .toString("utf8")
    .trim();
}

test("the engine puts a number into the same bin as counting the boundaries below it", async () => {
  const session = EngineSession.forFiles();
  try {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(FINITE, { minLength: 1, maxLength: 30 }),
        fc.array(FINITE),
        async (list, more) => {
          const boundaries = [...new Set(list.map((value) => value + 0))].sort((a, b) => a - b);
          const values = [...boundaries, ...more];
          const cell = numberCellSql({ boundaries, range: { min: null, max: null } }, "x");
          const got = await answer(
            session,
            `SELECT groupArray(${cell}) FROM (SELECT arrayJoin([${values.map(quoteNumber).join()}]) AS x)`,
          );
          const want = values.map((value) => boundaries.filter((boundary) => boundary < value).length);
          assert.equal(got, `[${want.join()}]`);
        },
      ),
      { numRuns: 40 },
    );
  } finally {
    session.close();
  }
});

test("a category is found whatever characters it has", async () => {
  const session = EngineSession.forFiles();
  try {
    const categories = [
      "",
      "it's",
      'a "b"',
      "new\nline",
      "\\",
      "{a:b}",
      "\u0000",
      "tab\t",
      "größe",
      "; DROP TABLE prediction",
    ];
    const cell = textCellSql({ categories, otherCategories: ["other"] }, "x");
    const values = [...categories, "other", "never"].map(quoteText).join();
    const got = await answer(session, `SELECT groupArray(${cell}) FROM (SELECT arrayJoin([${values}]) AS x)`);
    assert.equal(got, `[${[...categories.keys(), categories.length, categories.length + 1].join()}]`);
  } finally {
    session.close();
  }
});

test("a number literal keeps its type and every bit", async () => {
  const session = EngineSession.forFiles();
  try {
    await fc.assert(
      fc.asyncProperty(fc.array(FINITE, { minLength: 1 }), async (values) => {
        const bits = values.map((value) => new BigInt64Array(Float64Array.of(value + 0).buffer)[0]);
        const literals = values.map((value) => `reinterpretAsInt64(${quoteNumber(value + 0)})`);
        assert.equal(await answer(session, `SELECT [${literals.join()}]`), `[${bits.join()}]`);
      }),
      { numRuns: 40 },
    );
  } finally {
    session.close();
  }
});
