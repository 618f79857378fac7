import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { bindParameters } from "../../src/store/bind-parameters.ts";
import { EngineSession } from "../../src/store/engine-session.ts";
import { quoteName, quoteText } from "../../src/store/quote.ts";

test("any text reaches the engine as a value, beside quoted text that looks like a placeholder", async () => {
  const session = EngineSession.forFiles();
  try {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary" }), fc.array(fc.string({ unit: "grapheme" })), async (text, list) => {
        const kept = `{text:String} ${text}`;
        const sql = `SELECT {text:String} AS a, {list:Array(String)} AS b, ${quoteText(kept)} AS c, {n:Int64} AS ${quoteName("{n:Int64}")}`;
        const bytes = await session.run(sql, { text, list, n: -5 }, "JSONEachRow");
        const row = JSON.parse(Buffer.from(bytes).toString("utf8")) as Record<string, unknown>;
        assert.deepEqual(row, { a: wellFormed(text), b: list.map(wellFormed), c: wellFormed(kept), "{n:Int64}": "-5" });
      }),
      { numRuns: 150 },
    );
  } finally {
    session.close();
  }
});

test("a value that is missing or of another type is refused", () => {
  for (const value of [undefined, 1.5, Number.NaN, "1; DROP TABLE prediction", ["1"]]) {
    const parameters = value === undefined ? {} : { n: value };
    assert.throws(() => bindParameters("SELECT {n:Int64}", parameters), /parameter n is .*; the query expects Int64/);
  }
  assert.throws(() => bindParameters("SELECT {s:String}", { s: 1 }), RangeError);
});

test("queries of two sessions run at the same time", async () => {
  const [busy, other] = [EngineSession.forFiles(), EngineSession.forFiles()];
  const endless = busy.run("SELECT sum(sipHash64(number)) FROM numbers({n:Int64})", { n: 1_000_000_000_000 }, "Null");
  const stopped = assert.rejects(endless, /QUERY_WAS_CANCELLED/);
  while (busy.load > 0) await other.run("KILL QUERY WHERE query_id != queryID() ASYNC", {}, "Null");
  await stopped;
  busy.close();
  other.close();
});

/** A lone surrogate has no UTF-8 form. */
function wellFormed(text: string): string {
  return Buffer.from(text).toString("utf8");
}
