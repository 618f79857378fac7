import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { parseResponderConfig } from "@tidemark/schema";
import { parse } from "yaml";

test("the configuration in the responder's README is valid", () => {
  const readme = readFileSync(new URL("../../../responder/README.md", import.meta.url), "utf8");
  const [, yaml] = /```yaml\n([\s\S]*?)```/.exec(readme)!;
  const result = parseResponderConfig(parse(yaml!));
  assert.deepEqual(result.ok ? [] : result.problems, []);
});
