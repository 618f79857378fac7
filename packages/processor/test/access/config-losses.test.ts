import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { openAuditLog } from "../../src/access/audit-log.ts";
import { auditStart, lossesOf, startDetail } from "../../src/access/config-losses.ts";
import { testConfig } from "../service/start-test-processor.ts";

const model = (change: object = {}) => ({ name: "churn", profile: "p.json", windows: ["24h"], ...change });
const startOf = (models: readonly object[], store: object = {}) =>
  startDetail(testConfig({ models, store: { path: "data", ...store } }), "hash");

test("each change that loses something is told, and what was meant stands in the log", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "tidemark-losses-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const audit = openAuditLog(join(folder, "audit.jsonl"), () => 0);
  assert.deepEqual(lossesOf(audit, startOf([model()])), []);
  auditStart(audit, startOf([model()]), []);
  const rows: [start: ReturnType<typeof startOf>, want: RegExp | null][] = [
    [startOf([model()]), null],
    [startOf([model(), model({ name: "fraud" })], { retention: "400d" }), null],
    [startOf([model({ outcomeHorizon: "60d" })]), null],
    [startOf([model({ tenant: "acme" })]), /the model default\/churn is gone/],
    [startOf([model()], { retention: "100d" }), /removed after 100 days; they were kept for 180/],
    [startOf([model()], { resultRetention: "200d" }), /measurements .* after 200 days; they were kept for 1095/],
    [startOf([model({ records: "spans" })]), /taken from spans alone; logs will be ignored/],
    [startOf([model({ outcomeHorizon: "10d" })]), /count for 10 days .* they counted for 40/],
  ];
  for (const [start, want] of rows) {
    const losses = lossesOf(audit, start);
    assert.equal(losses.length, want === null ? 0 : 1, losses.join());
    if (want !== null) assert.match(losses[0]!, want);
  }
  auditStart(audit, startOf([model()], { retention: "100d" }), ["what goes"]);
  assert.deepEqual(audit.read(1).entries[0]!.detail["losses"], ["what goes"]);
  audit.close();
});

test("a log that an older version began says nothing of what that did not note", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "tidemark-losses-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const audit = openAuditLog(join(folder, "audit.jsonl"), () => 0);
  const { config, models, retentionMs } = startOf([model()]);
  const detail = { config, models, retentionMs };
  audit.append({ actor: "processor", tenant: "", action: "processor.started", detail });
  assert.deepEqual(lossesOf(audit, startOf([model({ outcomeHorizon: "10d" })])), []);
  audit.close();
});
