import type { Action, AlertingRecord, Case } from "@tidemark/responder";

const aCase: Case = {
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
  openedMs: Date.UTC(2001, 4, 1),
  detectedMs: Date.UTC(2001, 4, 1, 0, 1),
  updatedMs: Date.UTC(2001, 4, 1, 0, 1),
  acknowledgedMs: null,
  closedMs: null,
  reopened: 0,
  sinceMs: Date.UTC(2001, 4, 1),
  source: "alertmanager",
};

const anAction: Action = {
  id: "a1",
  caseId: "c1",
  reopened: 0,
  policy: "flights",
  step: 1,
  rung: "shift_traffic",
  name: "back",
  model: "flight-delay",
  status: "awaiting_approval",
  needsApproval: true,
  requestedMs: aCase.detectedMs,
  expiresMs: aCase.detectedMs + 3_600_000,
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
};

/** A week with one open case, one action that waits, one noisy alert and one incident that nothing caught. */
export function alertingFixture(): AlertingRecord {
  const half = { value: 0.25, lower: 0.07, upper: 0.59, of: 8 };
  return {
    quality: {
      from: "2001-04-30T00:00:00.000Z",
      to: "2001-05-07T00:00:00.000Z",
      cases: 9,
      perModelAndWeek: { "flight-delay": 9 },
      precision: half,
      recall: half,
      flapping: null,
      actedUpon: null,
      undone: null,
      medianSecondsToDetect: 60,
      medianSecondsToAcknowledge: 600,
      medianSecondsToResolve: null,
      missed: 1,
    },
    uses: [
      {
        alert: "ModelHealthWarning",
        model: "flight-delay",
        signal: "drift",
        target: "inbound_delay",
        cases: 8,
        useful: 1,
        noise: 6,
        duplicate: 0,
        untouched: 1,
        reopened: 2,
      },
    ],
    redundant: [{ model: "flight-delay", first: "A", second: "B", together: 9, either: 10 }],
    cases: [aCase],
    actions: [anAction],
    waiting: [{ ...anAction, approvers: ["engineering", "data_science"] }],
    missed: [
      {
        id: 1,
        model: "flight-delay",
        startedMs: aCase.openedMs,
        description: "<script>alert(1)</script> | [scores](x) were zero",
        actor: "ada",
        atMs: aCase.openedMs,
      },
    ],
  };
}
