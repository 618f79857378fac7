import assert from "node:assert/strict";
import { test } from "node:test";
import { TidemarkError } from "@tidemark/semconv";
import { type Level, pino } from "pino";
import { logFailure } from "../src/log-failure.ts";
import { logLevel } from "../src/log-level.ts";

/** What is logged of a failure at a level, as one text. */
function loggedAt(level: Level, error: unknown): string {
  const lines: string[] = [];
  logFailure(pino({ level }, { write: (line) => void lines.push(line) }), error, "records could not be stored", {
    a: 1,
  });
  return lines.join("");
}

test("what the engine said is logged where debugging is on, and words to act on always", () => {
  const full = new TidemarkError("storeFull", "the disk is full", { cause: new Error("Code: 243. Cannot reserve") });
  const usual = JSON.parse(loggedAt("info", full)) as Record<string, unknown>;
  const { code, reason, msg, a } = usual;
  const wanted = { code: full.code, reason: "the disk is full", msg: "records could not be stored", a: 1 };
  assert.deepEqual({ code, reason, msg, a }, wanted);
  assert.equal(usual["fix"], full.fix);
  assert.doesNotMatch(loggedAt("info", full), /Cannot reserve/);
  assert.match(loggedAt("debug", full), /Cannot reserve/);
});

test("a failure that nobody expected is logged as it is", () => {
  assert.match(loggedAt("info", new Error("a defect")), /"err":\{.*a defect/);
});

test("OTEL_LOG_LEVEL says how much is logged", () => {
  const rows: [asked: string | undefined, want: string][] = [
    [undefined, "info"],
    ["DEBUG", "debug"],
    ["verbose", "trace"],
    ["none", "silent"],
    ["loud", "info"],
  ];
  for (const [asked, want] of rows) assert.equal(logLevel({ OTEL_LOG_LEVEL: asked }), want);
});
