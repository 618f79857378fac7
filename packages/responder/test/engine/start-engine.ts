import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { TestContext } from "node:test";
import type { FirstCause } from "@tidemark/schema";
import { advance } from "../../src/engine/advance.ts";
import { decideApproval } from "../../src/engine/decide-approval.ts";
import type { EngineParts, IncidentView, VersionVerdict } from "../../src/engine/engine-parts.ts";
import { createPeopleCommands } from "../../src/engine/people-commands.ts";
import { takeAlerts } from "../../src/intake/take-alerts.ts";
import { createLease } from "../../src/state/lease.ts";
import { openResponderState } from "../../src/state/responder-state.ts";
import { alertUpdate, testConfig, tokenFolder } from "../support.ts";

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
const ADA = { name: "ada", roles: ["operations"], models: ["*"] } as const;

/** Actions of a test: a message that is written down, and a flag. */
const ACTIONS = {
  page: { type: "command", run: ["tee", "-a", "pages.txt"] },
  shift: { type: "flag", file: "flags.json", flag: "model", variant: "old" },
};

/** The engine with one policy, a clock that tests move, and a processor that says what they want. */
export function startEngine(
  t: TestContext,
  steps: readonly Record<string, unknown>[],
  change: Record<string, unknown> = {},
) {
  const folder = tokenFolder(t);
  const flags = { flags: { model: { defaultVariant: "new", variants: { old: 1, new: 2 } } } };
  writeFileSync(path.join(folder, "flags.json"), JSON.stringify(flags));
  const state = openResponderState(":memory:");
  t.after(() => state.database.close());
  let nowMs = Date.parse("2026-11-25T00:00:00Z");
  const processor: { isAway: boolean; view: IncidentView | null; verdicts: readonly VersionVerdict[] } = {
    isAway: false,
    view: viewOf("concept_shift"),
    verdicts: [{ version: "1", state: "ok" }],
  };
  const parts: EngineParts = {
    state,
    config: testConfig({ actions: ACTIONS, policies: [{ name: "p", models: ["*"], steps }], ...change }),
    directory: folder,
    lease: createLease(state.database, "one", 30 * 24 * HOUR_MS),
    now: () => nowMs,
    reach: () => Promise.reject(new Error("nothing is reached")),
    lookUp: async (cases) => {
      if (processor.isAway) throw new Error("the processor does not answer");
      return new Map(cases.flatMap(({ id }) => (processor.view === null ? [] : [[id, processor.view] as const])));
    },
    verdictsSince: async () => processor.verdicts,
    onChange() {},
  };
  return {
    parts,
    state,
    processor,
    /** Fires anew, and does a round. */
    fire: () => {
      takeAlerts(state, [alertUpdate({ startsMs: nowMs })], "alertmanager", nowMs);
      return advance(parts);
    },
    /** The alert that fires ends, and a round is done. */
    resolve: () => {
      const { starts } = state.database.one<{ starts: number }>("SELECT starts FROM alert")!;
      takeAlerts(state, [alertUpdate({ isFiring: false, startsMs: starts, endsMs: nowMs })], "alertmanager", nowMs);
      return advance(parts);
    },
    pass: (ms: number) => {
      nowMs += ms;
      return advance(parts);
    },
    /** Lets time pass without a round. */
    skip: (ms: number) => {
      nowMs += ms;
    },
    decide: (approve: boolean) => {
      const [waiting] = state.actions.list({ statuses: ["awaiting_approval"] });
      if (waiting === undefined) throw new Error("nothing waits for a decision");
      decideApproval(parts, { id: waiting.id, person: ADA, approve, reason: "seen" });
      return advance(parts);
    },
    kill: (on: boolean) => {
      createPeopleCommands(parts).setKillSwitch(ADA, on, "test");
      return advance(parts);
    },
    statuses: () => state.actions.list().map(({ rung, status }) => `${rung} ${status}`),
    variant: () => JSON.parse(readFileSync(path.join(folder, "flags.json"), "utf8")).flags.model.defaultVariant,
  };
}

export function viewOf(kind: FirstCause["kind"], state: IncidentView["state"] = "critical"): IncidentView {
  return { incident: "i1", cause: { kind, target: "distance", explanation: "" }, state, evidence: {} };
}
