import assert from "node:assert/strict";
import { test } from "node:test";
import { testConfig } from "../support.ts";

const ACTIONS = {
  old: { type: "flag", file: "flags.json", flag: "model", variant: "old" },
  new: { type: "flag", file: "flags.json", flag: "model", variant: "new" },
  page: { type: "command", run: ["true"] },
};

interface Given {
  readonly action: string;
  readonly models?: readonly string[];
  readonly signals?: readonly string[];
  readonly undo?: boolean;
}

function policies(...given: readonly Given[]) {
  return {
    actions: ACTIONS,
    policies: given.map(({ action, models = ["*"], signals, undo = false }, index) => ({
      name: `p${index}`,
      models,
      ...(signals === undefined ? {} : { signals }),
      steps: [{ rung: "shift_traffic", action, ...(undo ? { undo, verifyAfter: "1h" } : {}) }],
    })),
  };
}

test("two policies that would set one flag to different positions for one case are refused with both names", () => {
  assert.throws(
    () => testConfig(policies({ action: "old" }, { action: "new", models: ["churn"] })),
    /policies\[1\]\.steps\[0\]\.action: it and the policy "p0" may both answer one case, and would set to another position the flag model/,
  );
});

test("neither may one take back what the other has set", () => {
  assert.throws(
    () => testConfig(policies({ action: "old" }, { action: "old", undo: true })),
    /take back what the other/,
  );
});

test("about other models, about other signals, or with actions that move nothing, they stand side by side", () => {
  testConfig(policies({ action: "old", models: ["a"] }, { action: "new", models: ["b"] }));
  testConfig(policies({ action: "old", signals: ["drift"] }, { action: "new", signals: ["service"] }));
  testConfig(policies({ action: "page" }, { action: "page" }));
});

test("a step that would answer the silence it made is refused", () => {
  const config = (step: Record<string, unknown>) => ({
    actions: ACTIONS,
    policies: [
      { name: "p", models: ["*"], steps: [{ rung: "shift_traffic", action: "old", states: ["no_data"], ...step }] },
    ],
  });
  assert.throws(() => testConfig(config({})), /unlessCause: .*a version that traffic was taken from falls silent/);
  testConfig(config({ unlessCause: ["silence"] }));
});
