import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { COMPOSE, goTool } from "./tools/go-tool.ts";

const file = path.resolve(import.meta.dirname, "../../docker-compose.yml");

test("docker-compose.yml is valid for Compose's own loader", () => {
  const result = spawnSync(goTool(COMPOSE), [file], { encoding: "utf8" });
  assert.equal(result.status, 0, result.stderr);
});

test("every image is pinned and every port is published on loopback", () => {
  const text = readFileSync(file, "utf8");
  const images = [...text.matchAll(/^\s*image:\s*(\S+)/gm)].map((match) => match[1] ?? "");
  assert.ok(images.length >= 4);
  for (const image of images) assert.match(image, /:[^:]*\d[^:]*$/, `${image} has no version`);
  const published = [...text.matchAll(/^\s*-\s*"?((?:\S+:)?\d+:\d+)"?\s*$/gm)].map((match) => match[1] ?? "");
  assert.ok(published.length >= 3);
  for (const port of published) assert.match(port, /^127\.0\.0\.1:/);
});
