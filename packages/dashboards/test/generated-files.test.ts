import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { generatedFiles } from "@tidemark/dashboards";

const root = path.resolve(import.meta.dirname, "../../..");

for (const [file, content] of Object.entries(generatedFiles())) {
  test(`${file} is what the generator makes (npm run generate)`, () => {
    assert.equal(readFileSync(path.join(root, file), "utf8"), content);
  });
}
