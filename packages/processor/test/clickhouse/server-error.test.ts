import assert from "node:assert/strict";
import { test } from "node:test";
import { ClickHouseError } from "@clickhouse/client";
import { TidemarkError } from "@tidemark/semconv";
import { isTransient, toServerError } from "../../src/clickhouse/server-error.ts";

const SERVER = "https://clickhouse:8443";
const answer = (code: string, message = "why") => new ClickHouseError({ code, message, type: "A_TYPE" });

test("errors of a server say what to do, and name it where that helps", () => {
  const codes: readonly [string, string][] = [
    ["243", "TIDEMARK_STORE_FULL"],
    ["242", "TIDEMARK_STORE_UNWRITABLE"],
    ["516", "TIDEMARK_STORE_UNREACHABLE"],
    ["497", "TIDEMARK_STORE_UNREACHABLE"],
  ];
  for (const [code, expected] of codes) {
    const error = toServerError(answer(code), SERVER);
    assert.ok(error instanceof TidemarkError && error.code === expected, code);
    const isAboutAddress = error.code === "TIDEMARK_STORE_UNREACHABLE";
    assert.equal(error.message.includes(SERVER), isAboutAddress, "senders are told of a full server, not where it is");
  }
  const table = toServerError(
    answer("242", "Table is in readonly mode (replica /clickhouse/x) In scope INSERT 'ada'"),
    SERVER,
  );
  assert.equal(
    (table as Error).message,
    "the ClickHouse server (store.url) cannot write: it is mounted or kept read-only",
  );
  assert.doesNotMatch(String((table as Error).cause), /ada/);
  const statement = toServerError(answer("62", "Unknown 'ada@example.org' In scope SELECT 'ada'"), SERVER);
  assert.deepEqual(statement, new Error("Code: 62. Unknown '...'"));
  const own = new TidemarkError("storeFull", "full");
  assert.equal(toServerError(own, SERVER), own);
  const disk = Object.assign(new Error("no space"), { code: "ENOSPC" });
  assert.equal(toServerError(disk, SERVER), disk);
  assert.ok(!isTransient(disk));
});

test("a statement is sent again where no answer came or one that passes, and not where it would fail again", () => {
  assert.ok(isTransient(Object.assign(new Error("socket hang up"), { code: "ECONNRESET" })));
  for (const code of ["242", "252", "286", "319", "999"]) assert.ok(isTransient(answer(code)), code);
  for (const code of ["62", "243", "497", "516"]) assert.ok(!isTransient(answer(code)), code);
  assert.ok(!isTransient(new TidemarkError("storeFull", "full")));
});
