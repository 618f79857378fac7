import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { canHookInThread } from "../../src/auto/register-esm-hooks.ts";

describe("canHookInThread", () => {
  it("asks for a version in which such hooks leave CommonJS to Node", () => {
    const rows: [string, boolean][] = [
      ["20.19.0", false],
      ["22.15.0", false],
      ["22.22.3", true],
      ["23.11.0", false],
      ["24.11.0", false],
      ["24.11.1", true],
      ["24.12.0", true],
      ["25.0.0", false],
      ["25.1.0", true],
      ["26.0.0", true],
    ];
    for (const [version, want] of rows) assert.equal(canHookInThread(version), want, version);
  });
});
