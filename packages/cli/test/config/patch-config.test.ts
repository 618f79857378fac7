import assert from "node:assert/strict";
import { test } from "node:test";
import type { LineProposal } from "@tidemark/responder";
import { applyPatch } from "diff";
import { parse } from "yaml";
import { patchConfig } from "../../src/config/patch-config.ts";

const TEXT = `# Our models.
models:
  - name: churn # the old one
    profile: churn.profile.json
  - name: fare
    profile: fare.profile.json
    drift: { threshold: { metric: js, value: 0.1 } }
`;

function proposal(change: Partial<LineProposal>): LineProposal {
  return {
    model: "churn",
    setting: ["drift", "threshold"],
    value: { metric: "psi", value: 0.06 },
    noise: { removed: 3, of: 3 },
    useful: { kept: 1, of: 1 },
    unmarked: { removed: 0, of: 0 },
    windows: { before: 4, after: 1 },
    lostAtMost: 0.95,
    ...change,
  };
}

test("the patch applies to the file, sets what was proposed and keeps comments", () => {
  const { patch, left } = patchConfig(TEXT, "tidemark.yaml", [
    proposal({}),
    proposal({ setting: ["quality", "allowed", "airport", "missing"], value: 0.04 }),
  ]);
  assert.deepEqual(left, []);
  const changed = applyPatch(TEXT, patch);
  assert.ok(changed !== false && changed.includes("# the old one"));
  const { models } = parse(changed) as { models: Record<string, unknown>[] };
  assert.deepEqual(models[0]?.["drift"], { threshold: { metric: "psi", value: 0.06 } });
  assert.deepEqual(models[0]?.["quality"], { allowed: { airport: { missing: 0.04 } } });
});

test("what cannot be set is told: another unit, a model that is not there", () => {
  const { patch, left } = patchConfig(TEXT, "tidemark.yaml", [
    proposal({ model: "fare" }),
    proposal({ model: "gone" }),
  ]);
  assert.equal(patch, "");
  assert.match(left.join("\n"), /set for js already[\s\S]*has no model gone/);
});
