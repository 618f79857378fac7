import assert from "node:assert/strict";
import { test } from "node:test";
import { createReadApi, type ReadApiOptions } from "../../src/api/read-api.ts";
import type { RequestError } from "../../src/api/request-error.ts";

test("what is too much for the memory is refused before it is read, and says how to ask for less", async () => {
  const asked: string[] = [];
  let reserved = 0;
  const api = (room: number) =>
    createReadApi({
      tenant: "default",
      store: {
        query: async (sql: string) => {
          asked.push(sql);
          return sql.includes("count()") ? [{ rows: 1_000 }] : [];
        },
      },
      memory: {
        reserve(bytes: number) {
          if (bytes > room) return null;
          reserved += bytes;
          return () => {
            reserved -= bytes;
          };
        },
      },
    } as unknown as ReadApiOptions);
  for (const read of ["measurements", "incidents"] as const) {
    await assert.rejects(api(1_000)[read]({ model: "m" }), (error: RequestError) => {
      assert.equal(error.status, 503);
      assert.match(error.message, /read 1000 measurements/);
      assert.match(error.error.fix, /model, version and window/);
      return true;
    });
    assert.equal(asked.splice(0).length, 1, "only the number was asked for");
    assert.deepEqual(await api(1e9)[read]({ model: "m" }), []);
    asked.splice(0);
    assert.equal(reserved, 0);
  }
});
