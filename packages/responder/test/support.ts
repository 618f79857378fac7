import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TestContext } from "node:test";
import { parseResponderConfig, type ResponderConfig } from "@tidemark/schema";
import type { AlertUpdate } from "../src/intake/alert-webhook.ts";
import type { Action } from "../src/state/actions.ts";
import type { Case } from "../src/state/cases.ts";

export const TOKENS = { hook: "hook-token-0123456789", ada: "ada-token-0123456789", bob: "bob-token-0123456789" };

/** A folder with everybody's tokens, removed after the test. */
export function tokenFolder(t: TestContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), "tidemark-responder-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, token] of Object.entries(TOKENS)) writeFileSync(path.join(folder, `${name}.token`), `${token}\n`);
  return folder;
}

/** A configuration with an operator (ada) and a business person (bob). Throws where it is not valid. */
export function testConfig(change: Readonly<Record<string, unknown>> = {}): ResponderConfig {
  const result = parseResponderConfig({
    server: { port: 0 },
    webhookTokenFile: "hook.token",
    processor: "http://127.0.0.1:9",
    dryRun: false,
    people: [
      { name: "ada", roles: ["operations"], tokenFile: "ada.token" },
      { name: "bob", roles: ["business"], tokenFile: "bob.token" },
    ],
    ...change,
  });
  if (!result.ok) throw new Error(result.problems.map((problem) => `${problem.path}: ${problem.message}`).join("\n"));
  return result.config;
}

export function alertUpdate(change: Partial<AlertUpdate> = {}): AlertUpdate {
  return {
    fingerprint: "f1",
    isFiring: true,
    startsMs: 1_000_000,
    endsMs: null,
    name: "ModelHealthCritical",
    severity: "critical",
    model: "flight-delay",
    version: "1",
    signal: "drift",
    target: "distance",
    annotations: {},
    ...change,
  };
}

export function testCase(change: Partial<Case> = {}): Case {
  return {
    id: "c1",
    model: "flight-delay",
    version: "1",
    signal: "drift",
    target: "distance",
    alert: "ModelHealthCritical",
    severity: "critical",
    state: "critical",
    incident: null,
    cause: null,
    evidence: {},
    openedMs: 1_000_000,
    detectedMs: 1_000_000,
    updatedMs: 1_000_000,
    acknowledgedMs: null,
    closedMs: null,
    reopened: 0,
    sinceMs: 1_000_000,
    source: "alertmanager",
    ...change,
  };
}

/** A message of the test's case that nobody has run. */
export function testAction(change: Partial<Action> = {}): Action {
  return {
    id: "a1",
    caseId: "c1",
    reopened: 0,
    policy: "p",
    step: 0,
    rung: "notify",
    name: "page",
    model: "flight-delay",
    status: "approved",
    needsApproval: false,
    requestedMs: 1_000_000,
    expiresMs: null,
    decidedMs: null,
    actor: null,
    reason: null,
    startedMs: null,
    endedMs: null,
    fence: null,
    verifyAtMs: null,
    result: null,
    undoToken: null,
    evidence: {},
    ...change,
  };
}
