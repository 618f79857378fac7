// docs/automatic-instrumentation.md is the reference of the file and of the variables.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, describe, it } from "node:test";
import { parse } from "yaml";
import { FILE_KEYS, MODEL_KEYS } from "../../src/config/config-file.ts";
import { readConfig } from "../../src/config/read-config.ts";
import { VARIABLES } from "../../src/config/read-environment.ts";

const page = readFileSync(path.join(import.meta.dirname, "../../../../docs/automatic-instrumentation.md"), "utf8");
const [, yaml = ""] = /```yaml\n([\s\S]*?)```/.exec(page) ?? [];
const folder = mkdtempSync(path.join(tmpdir(), "tidemark-documented-"));
after(() => rmSync(folder, { recursive: true }));

describe("the page on automatic instrumentation", () => {
  it("shows a file that is taken as it stands", () => {
    const file = path.join(folder, "tidemark.yaml");
    writeFileSync(file, yaml);
    const { config, problems } = readConfig({ TIDEMARK_CONFIG: file });
    assert.deepEqual(problems, []);
    assert.equal(config.models[0]?.name, "flight-delay");
  });

  it("shows every key there is but the one for which there is a variable", () => {
    const { models, ...rest } = parse(yaml) as { models: [object] };
    assert.deepEqual(new Set([...Object.keys(rest), "models", "disabled"]), new Set(FILE_KEYS));
    // A value is a score's, where there is no score.
    assert.deepEqual(new Set([...Object.keys(models[0]), "value"]), new Set(MODEL_KEYS));
  });

  it("names every variable", () => {
    const named = [...page.matchAll(/`(TIDEMARK_[A-Z_]+)`/g)].map(([, name]) => name);
    assert.deepEqual(new Set(named), new Set(VARIABLES));
  });
});
