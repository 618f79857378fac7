import assert from "node:assert/strict";
import { test } from "node:test";
import { finishReplay } from "../../src/replay/finish-replay.ts";

const failed = (code: string) => new TypeError("fetch failed", { cause: Object.assign(new Error(code), { code }) });

test("a replay whose judgement takes longer than fetch waits is waited for again; a processor that is gone is not", async (t) => {
  const answers: (Response | Error)[] = [];
  const fetch = t.mock.method(globalThis, "fetch", async () => {
    const answer = answers.shift()!;
    if (answer instanceof Error) throw answer;
    return answer;
  });
  answers.push(failed("UND_ERR_HEADERS_TIMEOUT"), failed("UND_ERR_HEADERS_TIMEOUT"), Response.json({ judged: 7 }));
  await finishReplay("http://127.0.0.1:1");
  assert.equal(fetch.mock.callCount(), 3);
  answers.push(failed("ECONNREFUSED"));
  await assert.rejects(finishReplay("http://127.0.0.1:1"), { code: "TIDEMARK_PROCESSOR_UNREACHABLE" });
  assert.equal(fetch.mock.callCount(), 4);
});
