import assert from "node:assert/strict";
import { test } from "node:test";
import { askWhileBusy } from "../../src/report/ask-while-busy.ts";

test("a busy processor is asked again, and the first other answer is the answer", async () => {
  const statuses = [503, 429, 404];
  const response = await askWhileBusy(async () => new Response("body", { status: statuses.shift()! }));
  assert.equal(response.status, 404);
  assert.deepEqual([statuses.length, await response.text()], [0, "body"]);
});

test("a processor that stays busy is given up after a minute, with its last answer", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const now = t.mock.method(performance, "now", () => 1_000 * asked);
  let asked = 0;
  const answer = askWhileBusy(async () => {
    asked++;
    return new Response("busy", { status: 503 });
  });
  let response: Response | null = null;
  void answer.then((given) => {
    response = given;
  });
  for (let turn = 0; turn < 1_000 && response === null; turn++) {
    await new Promise(setImmediate);
    t.mock.timers.tick(5_000);
  }
  assert.equal(await (await answer).text(), "busy");
  assert.equal(asked, 61);
  now.mock.restore();
});
