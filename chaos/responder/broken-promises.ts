import { type Action, FINAL_STATUSES } from "@tidemark/responder";
import { DATA_FAULT_CAUSES, type FirstCause } from "@tidemark/schema";
import type { RunTrace } from "./simulate-run.ts";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const FINAL: readonly string[] = FINAL_STATUSES;

/** Every promise that a run broke, a line each; none where all were kept. */
export function brokenPromises(trace: RunTrace): string[] {
  return [
    ...ranTwice(trace),
    ...startedTwice(trace),
    ...ranWithoutApproval(trace),
    ...overBudget(trace),
    ...trainedOnFaults(trace),
    ...touchedTooMuch(trace),
    ...unfinished(trace),
    ...ranWhileKilled(trace),
    ...ranInRehearsal(trace),
    ...auditGaps(trace),
  ];
}

function ranTwice({ target }: RunTrace): string[] {
  const seen = new Set<string>();
  return target.reached.flatMap(({ key, isUndo }) => {
    const request = `${key}${isUndo ? " undo" : ""}`;
    if (!seen.has(request)) {
      seen.add(request);
      return [];
    }
    return [`${request} reached its target twice`];
  });
}

/** Once for every time that a case opens, by whatever key. */
function startedTwice({ actions }: RunTrace): string[] {
  const begun = actions.filter(({ startedMs }) => startedMs !== null);
  const steps = Map.groupBy(begun, ({ caseId, reopened, policy, step }) => `${caseId} ${reopened} ${policy} ${step}`);
  return [...steps].flatMap(([step, found]) => (found.length > 1 ? [`${step} started ${found.length} times`] : []));
}

/** By the audit log, which the actions' own rows do not make. */
function ranWithoutApproval({ actions, target, audit }: RunTrace): string[] {
  const approved = new Set(
    audit.filter(({ kind, actor }) => kind === "ml.action.approved" && actor === "ada").map(({ subject }) => subject),
  );
  const reached = new Set(target.reached.map(({ key }) => key));
  return actions
    .filter(({ id, rung }) => rung !== "notify" && reached.has(id) && !approved.has(id))
    .map(({ id, rung }) => `${rung} ${id} ran without approval by somebody who may`);
}

function overBudget({ actions, config }: RunTrace): string[] {
  return actions.flatMap((action) => {
    if (action.startedMs === null) return [];
    const step = config.policies.find(({ name }) => name === action.policy)!.steps[action.step]!;
    const end = action.startedMs;
    const within = started(actions, end - DAY_MS, end).filter(
      (other) => other.policy === action.policy && other.step === action.step,
    );
    return within.length > step.budgetPerDay
      ? [`${action.policy} step ${action.step} ran ${within.length} times in 24 hours`]
      : [];
  });
}

function trainedOnFaults({ actions, target }: RunTrace): string[] {
  const reached = new Set(target.reached.map(({ key }) => key));
  return actions
    .filter(({ id, rung, evidence }) => {
      const cause = (evidence["firstCause"] as FirstCause | null)?.kind ?? "unknown";
      return rung === "retrain" && reached.has(id) && DATA_FAULT_CAUSES.includes(cause);
    })
    .map(({ id }) => `retrain ${id} ran although the data were at fault`);
}

function touchedTooMuch({ actions, config }: RunTrace): string[] {
  return actions.flatMap(({ startedMs, rung }) => {
    if (startedMs === null || rung === "notify") return [];
    const models = new Set(
      started(actions, startedMs - HOUR_MS, startedMs).flatMap((one) => (one.rung === "notify" ? [] : [one.model])),
    );
    return models.size > config.modelsPerHour ? [`${models.size} models were touched in an hour`] : [];
  });
}

function unfinished({ actions }: RunTrace): string[] {
  return actions
    .filter(({ status, verifyAtMs }) => !FINAL.includes(status) && !(status === "succeeded" && verifyAtMs === null))
    .map(({ id, status }) => `${id} is still ${status}`);
}

function ranWhileKilled({ audit, actions }: RunTrace): string[] {
  let on = false;
  const killed: [number, number][] = [];
  let sinceSeq = 0;
  for (const { kind, detail, seq } of audit) {
    if (kind !== "kill_switch") continue;
    if (detail["on"] === true && !on) sinceSeq = seq;
    if (detail["on"] === false && on) killed.push([sinceSeq, seq]);
    on = detail["on"] === true;
  }
  if (on) killed.push([sinceSeq, Number.POSITIVE_INFINITY]);
  const startedUnder = actions.filter(({ id, startedMs }) => {
    const start = audit.find(({ subject, kind }) => subject === id && kind === "ml.action.started");
    return startedMs !== null && start !== undefined && killed.some(([from, to]) => start.seq > from && start.seq < to);
  });
  return startedUnder.map(({ id }) => `${id} started while the kill switch was on`);
}

function ranInRehearsal({ config, target }: RunTrace): string[] {
  return config.dryRun && target.reached.length > 0 ? ["something ran in a dry run"] : [];
}

function auditGaps({ audit }: RunTrace): string[] {
  return audit.every(({ seq }, index) => seq === index + 1) ? [] : ["the audit log has a gap"];
}

function started(actions: readonly Action[], afterMs: number, untilMs: number): Action[] {
  return actions.filter(({ startedMs }) => startedMs !== null && startedMs > afterMs && startedMs <= untilMs);
}
