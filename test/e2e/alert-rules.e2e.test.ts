import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { goTool, PROMTOOL } from "./tools/go-tool.ts";

const alerting = path.resolve(import.meta.dirname, "../../grafana/alerting");

function promtool(...args: string[]): string {
  const result = spawnSync(goTool(PROMTOOL), args, { cwd: alerting, encoding: "utf8" });
  assert.equal(result.status, 0, `promtool ${args.join(" ")}\n${result.stdout}\n${result.stderr}`);
  return `${result.stdout}${result.stderr}`;
}

test("Prometheus accepts every alert and recording rule", () => {
  assert.match(promtool("check", "rules", "prometheus-rules.yaml"), /SUCCESS: [1-9]\d* rules found/);
});

test("each alert fires with its texts, resolves, stays quiet, and keeps its promise when flapping and without data", () => {
  const files = globSync("tests/*.yaml", { cwd: alerting });
  assert.ok(files.length > 0, "no rule tests found");
  for (const file of files) assert.match(promtool("test", "rules", file), /SUCCESS/);
});
