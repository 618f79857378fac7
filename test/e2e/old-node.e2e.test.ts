// The command on a Node that is too old for it: what it needs, instead of what it failed to import.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { it } from "node:test";
import { errors } from "@tidemark/semconv";
import { nodeOf } from "./tools/npm-project.ts";

const TIDEMARK = new URL("../../packages/cli/bin/tidemark.js", import.meta.url).pathname;

it("says which Node it needs, which one it got and what to do, before anything is imported that would fail", () => {
  const { status, stdout, stderr } = spawnSync(nodeOf("20.19.0"), [TIDEMARK, "check"], { encoding: "utf8" });
  assert.equal(stdout, "");
  const { code, fix } = errors.nodeUnsupported;
  const [message, advice, ...more] = stderr.trimEnd().split("\n");
  assert.match(message!, new RegExp(`^${code}: tidemark needs Node.js 24.0.0 or later; this is 20.19.0, .*/node$`));
  assert.equal(advice, `What to do: ${fix}`);
  assert.deepEqual(more, []);
  assert.equal(status, 1);
});
