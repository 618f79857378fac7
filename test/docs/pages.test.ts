import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

const root = path.resolve(import.meta.dirname, "../..");
const pages = globSync(["*.md", "docs/**/*.md", "packages/*/*.md", "examples/**/*.md"], { cwd: root }).filter(
  (file) => !file.includes("node_modules"),
);
const read = (file: string) => readFileSync(path.join(root, file), "utf8");

test("every relative link and picture of every page leads somewhere", () => {
  assert.ok(pages.length >= 5);
  for (const page of pages) {
    for (const [, target = ""] of read(page).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^(https?:|mailto:|#)/.test(target)) continue;
      const file = path.resolve(root, path.dirname(page), target.split("#")[0] ?? "");
      assert.ok(existsSync(file), `${page} links to ${target}, which does not exist`);
    }
  }
});

test("every npm script that a page names exists", () => {
  const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
  for (const page of pages) {
    for (const [, name = ""] of read(page).matchAll(/npm run ([\w:-]+)/g)) {
      assert.ok(name in scripts, `${page} names npm run ${name}`);
    }
  }
});

test("the two commands of the README are the ones that CI runs", () => {
  const readme = read("README.md");
  assert.match(readme, /npm ci && npm run demo/);
  assert.match(readme, /npm ci && npm test/);
  assert.match(read(".ci/run"), /npm ci\n[\s\S]*npm test\n/);
});
