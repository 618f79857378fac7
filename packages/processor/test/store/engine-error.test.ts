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
    const mapped = toStoreError(error);
    assert.ok(mapped instanceof TidemarkError && mapped.code === "TIDEMARK_STORE_FULL", error.message);
    assert.equal(mapped.message, "the disk that holds the data folder (store.path) is full: free space on it");
    assert.equal((mapped.cause as Error).message, error.message);
  }
  const other = new Error("Code: 60. DB::Exception: Unknown table");
  assert.equal(toStoreError(other), other);
});

test("what cannot be written is told with a reason that a person can act on, without anything of the engine's", () => {
  const system = (code: string) => Object.assign(new Error(`${code}: write /data/store/x.bin`), { code });
  const engine = (errno: string) =>
    new Error(
      `Code: 75. DB::Exception: Cannot write to file /data/store/x.bin, errno: 5, strerror: ${errno}: in '/tmp/in' (CANNOT_WRITE)`,
    );
  const rows: [error: Error, obstacle: string][] = [
    [system("EFBIG"), "a file would be larger than this user may write"],
    [system("EIO"), "the disk reports input/output errors"],
    [system("EROFS"), "it is mounted or kept read-only"],
    [system("EACCES"), "this user has no permission"],
    [engine("Input/output error"), "the disk reports input/output errors"],
    [engine("Too many open files"), "too many files are open"],
    [engine("Weather"), "the disk refuses it"],
  ];
  for (const [error, obstacle] of rows) {
    const mapped = toStoreError(error) as TidemarkError;
    assert.equal(mapped.code, "TIDEMARK_STORE_UNWRITABLE");
    assert.equal(mapped.message, `the data folder (store.path) cannot be written: ${obstacle}`);
    assert.doesNotMatch((mapped.cause as Error).message, /tmp/, "no value of a statement, not even beneath");
  }
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
