import type { Incident, Measurement } from "@tidemark/schema";
import { attr, metric } from "@tidemark/semconv";
import type { Case } from "../state/cases.ts";
import type { Feedback } from "../state/feedback.ts";

/** A line in the processor's configuration that would have told useful alerts from noise. */
export interface LineProposal {
  readonly model: string;
  /** Path below the model's entry in tidemark.yaml, such as `["drift", "threshold"]`. */
  readonly setting: readonly string[];
  readonly value: number | { readonly metric: "psi"; readonly value: number };
  /** What it would have done to the alerts that people marked. */
  readonly noise: { readonly removed: number; readonly of: number };
  readonly useful: { readonly kept: number; readonly of: number };
  /** Alerts of these monitors that nobody marked, and how many of them would not have come. */
  readonly unmarked: { readonly removed: number; readonly of: number };
  /** Windows outside their lines in the incidents of all these alerts, as stored and under the proposed line. */
  readonly windows: { readonly before: number; readonly after: number };
  /** Upper 95 % bound of the share of useful alerts that the line loses: 1 - 0.05^(1/n) of n kept ones. */
  readonly lostAtMost: number;
}

/** What an alert was judged by: where its line is set, and how far it was, larger being worse. */
interface Reading {
  readonly setting: readonly string[];
  readonly statistic: number;
  /** -1 where a smaller value is worse. */
  readonly sign: 1 | -1;
}

/** A case as one setting judged it; a case of several settings is judged once by each. */
interface JudgedCase {
  readonly verdict: Feedback["verdict"] | null;
  readonly setting: readonly string[];
  readonly sign: 1 | -1;
  /** Of every window that this setting put outside its lines; the alert comes as long as any of them is. */
  readonly statistics: readonly number[];
  /** Other windows raise the alert too, by another setting or by none: this one alone cannot remove it. */
  readonly isRaisedOtherwise: boolean;
}

const LEAST_REMOVED = 3;

/**
 * Proposes lines: for each setting that several alerts of a model are judged by, the one that would have removed most of
 * those marked as noise and none of those marked as useful, replayed over the stored verdicts of their incidents. Only
 * where it removes at least three, and at least half, of the noise. Chosen on the alerts it is told for, so that it will
 * do somewhat worse on the next; `lostAtMost` says by how much on the side that matters. Pure.
 */
export function proposeLines(
  cases: readonly Case[],
  feedback: readonly Feedback[],
  incidents: readonly Incident[],
): LineProposal[] {
  const verdicts = new Map(feedback.map(({ caseId, verdict }) => [caseId, verdict]));
  const known = new Map(incidents.map((incident) => [incident.id, incident]));
  return [...Map.groupBy(cases, ({ model }) => model)].flatMap(([model, own]) => {
    const judged = own.flatMap((found) => judgedCase(found, known, verdicts.get(found.id) ?? null));
    return [...Map.groupBy(judged, keyOf).values()].flatMap((group) => proposeLine(model, group) ?? []);
  });
}

function keyOf({ setting, sign }: Pick<Reading, "setting" | "sign">): string {
  return JSON.stringify([setting, sign]);
}

function judgedCase(
  { incident: id, severity }: Case,
  incidents: ReadonlyMap<string, Incident>,
  verdict: Feedback["verdict"] | null,
): JudgedCase[] {
  const incident = id === null ? undefined : incidents.get(id);
  // A duplicate is no word on whether the alert that it repeats was right.
  if (incident === undefined || verdict === "duplicate") return [];
  const windows = incident.windows.filter(({ state }) => (severity === "critical") === (state === "critical"));
  const readings = windows.flatMap((window) => readingOf(window) ?? []);
  return [...Map.groupBy(readings, keyOf).values()].map((same) => ({
    verdict,
    setting: same[0]!.setting,
    sign: same[0]!.sign,
    statistics: same.map(({ statistic }) => statistic),
    isRaisedOtherwise: same.length < windows.length,
  }));
}

function proposeLine(model: string, judged: readonly JudgedCase[]): LineProposal | null {
  const of = (verdict: JudgedCase["verdict"]) => judged.filter((one) => one.verdict === verdict);
  const [noise, useful, unmarked] = [of("noise"), of("useful"), of(null)];
  const leastUseful = Math.min(...useful.map(worst));
  const below = noise.map(worst).filter((statistic) => statistic < leastUseful);
  if (below.length < LEAST_REMOVED || below.length * 2 < noise.length) return null;
  const line = lineBetween(Math.max(...below), leastUseful);
  if (line === null) return null;
  const { setting, sign } = judged[0]!;
  const removed = (group: readonly JudgedCase[]) => group.filter((one) => worst(one) < line).length;
  const windows = judged.flatMap(({ statistics }) => statistics);
  return {
    model,
    setting,
    value: setting[0] === "drift" ? { metric: "psi", value: line } : sign * line,
    noise: { removed: removed(noise), of: noise.length },
    useful: { kept: useful.length - removed(useful), of: useful.length },
    unmarked: { removed: removed(unmarked), of: unmarked.length },
    windows: { before: windows.length, after: windows.filter((statistic) => statistic >= line).length },
    lostAtMost: useful.length === 0 ? 1 : 1 - 0.05 ** (1 / useful.length),
  };
}

function worst({ statistics, isRaisedOtherwise }: JudgedCase): number {
  return isRaisedOtherwise ? Number.POSITIVE_INFINITY : Math.max(...statistics);
}

/** A round number above `low` and not above `high`, near the middle; null where there is none of twelve digits. */
function lineBetween(low: number, high: number): number | null {
  const middle = Number.isFinite(high) ? (low + high) / 2 : low + 0.05 * Math.abs(low);
  for (let digits = 2; digits <= 12; digits++) {
    const rounded = Number(middle.toPrecision(digits));
    if (rounded > low && rounded <= high) return rounded;
  }
  return null;
}

/** Where the line of a stored verdict is set, and what was held against it; null where no line can be set for it. */
function readingOf(window: Measurement): Reading | null {
  const { signal, target, metric: name, attributes, value, lower, upper, state, evidence } = window;
  const level = state === "critical" ? "critical" : "warning";
  if (signal === "drift") {
    const { psiLower } = evidence.numbers;
    return psiLower === undefined ? null : { setting: ["drift", "threshold"], statistic: psiLower, sign: 1 };
  }
  if (signal === "data_quality") {
    const rule = attributes[attr.qualityRule];
    if (rule === undefined || rule === "volume" || target.kind !== "feature") return null;
    return positive(["quality", "allowed", target.name, rule], level === "critical" ? lower : value);
  }
  if (signal === "service") {
    if (name === metric.serviceErrorRatio) {
      return positive(["service", "errorRatio", level], level === "critical" ? lower : value);
    }
    return name === metric.serviceLatency ? positive(["service", "latencyP95", level], value) : null;
  }
  const { reference, criticalLine, warningLine } = evidence.numbers;
  const line = criticalLine ?? warningLine;
  if (reference === undefined || line === undefined) return null;
  const setting = ["performance", "levels", target.name, level];
  if (line >= reference) return positive(setting, lower);
  return upper === null ? null : { setting, statistic: -upper, sign: -1 };
}

function positive(setting: readonly string[], statistic: number | null): Reading | null {
  return statistic === null ? null : { setting, statistic, sign: 1 };
}
