import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { TidemarkError } from "@tidemark/semconv";
import { toStoreError } from "../../src/store/engine-error.ts";
import { withStore } from "../temporary-store.ts";

test("a full disk is named whichever layer met it, and other errors stay what they are", () => {
  const full = [
    new Error("Code: 243. DB::Exception: Cannot reserve 1.00 MiB, not enough space. (NOT_ENOUGH_SPACE)"),
    new Error("Code: 75. DB::Exception: Cannot write to file: , errno: 28, strerror: No space left on device"),
    Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" }),
  ];
  for (const error of full) {
    const mapped = toStoreError(error, "/data");
    assert.ok(mapped instanceof TidemarkError && mapped.code === "TIDEMARK_STORE_FULL", error.message);
    assert.equal(mapped.message, "no space left to store records in /data");
    assert.equal(mapped.cause, error);
  }
  const other = new Error("Code: 60. DB::Exception: Unknown table");
  assert.equal(toStoreError(other, "/data"), other);
});

test("a folder that cannot be written is named with the reason", () => {
  for (const code of ["EFBIG", "EIO", "EROFS", "EACCES"]) {
    const mapped = toStoreError(Object.assign(new Error(`${code}: write`), { code }), "/data") as TidemarkError;
    assert.equal(mapped.code, "TIDEMARK_STORE_UNWRITABLE");
    assert.equal(mapped.message, `the data folder /data cannot be written: ${code}`);
  }
  const engine = new Error("Code: 75. DB::Exception: Cannot write to file: errno: 5, strerror: Input/output error");
  assert.match((toStoreError(engine, "/data") as TidemarkError).message, /Input\/output error/);
});

test("what the engine says of a statement is kept without the values in it", () =>
  withStore(async ({ store }) => {
    const rows: [sql: string, message: RegExp][] = [
      ["SELECT toUInt8({id:String})", /^Code: 6\. DB::Exception: Cannot parse string '\.\.\.' as UInt8/],
      ["SELECT missing FROM prediction WHERE id = {id:String}", /^Code: 47\. .*missing/],
      ["SELECT 1 WHERE {id:String} = = 2", /^Code: 62\. .*Syntax error/],
      ["SELECT throwIf(id = {id:String}) FROM (SELECT {id:String} AS id)", /^Code: 395\./],
    ];
    for (const [sql, message] of rows) {
      const run = store.query(sql, { id: "it's a secret" });
      await assert.rejects(run, (error: Error) => {
        assert.match(error.message, message);
        assert.doesNotMatch(inspect(error), /secret/, sql);
        return true;
      });
    }
  }));
