import type { Explanation, FirstCause } from "@tidemark/schema";
import { ChangeBaseline, type ChangeExplanation, type DataFault, type ObservedRows } from "@tidemark/stats";
import { numberText, percentText } from "../number-text.ts";
import { type Answer, type KnownOutcome, taskLoss } from "../performance/task-loss.ts";
import type { JudgeContext } from "../window-aggregate.ts";

/** One prediction of a window with its inputs, as stored. */
export interface SampledRow extends Answer {
  readonly id: string;
  readonly traceId: string;
  /** By feature of the profile; a value of the wrong type is null. */
  readonly inputs: Readonly<Record<string, number | string | null>>;
  /** Null while it is not known. */
  readonly outcome: KnownOutcome | null;
}

/** A sample of a window's rows in which each counts the same, chosen by a hash of their ids, in order of time. */
export interface WindowSample {
  readonly rows: readonly SampledRow[];
  /** Rows of the whole window before sampling: an estimate where not all were recorded. */
  readonly total: number;
}

/** What an explanation rests on. */
export interface ExplainedWindow {
  readonly about: Pick<Explanation, "tenant" | "model" | "version" | "role" | "window">;
  readonly sample: WindowSample;
  /** Of windows of the same length before it, in order of time; those with fewer than 200 rows are left out. */
  readonly before: readonly WindowSample[];
  readonly coincident: readonly string[];
}

const LEAST_ROWS = 200;
const LEAST_WINDOWS = 3;
/** Share of rows that need an outcome for losses to be compared. */
const LEAST_LABELLED = 0.8;
const MOST_EXAMPLES = 5;

/**
 * Why a window differs from those before it: faults of the data told from margins and from how features go together, the change of
 * loss split into covariate and concept, by feature and by kind of row, each against how far the earlier windows differ among
 * themselves. Null with fewer than three earlier windows, or features that records do not carry. Pure.
 */
export function explainWindow(
  { about, sample, before, coincident }: ExplainedWindow,
  { profile, config }: Pick<JudgeContext, "profile" | "config">,
): Explanation | null {
  const loss = taskLoss(profile, config.comparison);
  const earlier = before.filter(({ rows }) => rows.length >= LEAST_ROWS);
  const names = profile.fields
    .filter(({ target, name }) => target === "feature" && sample.rows.some(({ inputs }) => inputs[name] !== undefined))
    .map(({ name }) => name);
  if (earlier.length < LEAST_WINDOWS || sample.rows.length < LEAST_ROWS || names.length === 0) return null;

  const lossOf = ({ outcome, ...answer }: SampledRow) =>
    outcome === null ? null : (loss?.of(answer, outcome) ?? null);
  const isLabelled = [sample, ...earlier].every(
    ({ rows }) => rows.filter((row) => lossOf(row) !== null).length >= LEAST_LABELLED * rows.length,
  );
  // With losses only rows that have one are looked at, so that both sides are of one kind.
  const kept = ({ rows }: WindowSample) => (isLabelled ? rows.filter((row) => lossOf(row) !== null) : rows);
  const observe = (rows: readonly SampledRow[]): ObservedRows => ({
    features: Object.fromEntries(names.map((name) => [name, rows.map(({ inputs }) => inputs[name] ?? null)])),
    loss: isLabelled ? rows.map((row) => lossOf(row)!) : null,
  });
  const rows = kept(sample);
  const observedBefore = earlier.map((window) => observe(kept(window)));
  const usualRows = earlier.reduce((sum, { total }) => sum + total, 0) / earlier.length;
  const scale = rows.length / sample.total;
  const found = new ChangeBaseline(observedBefore).explain(observe(rows), usualRows * scale);
  return {
    ...about,
    causes: causesOf(found, about.model, { total: sample.total, usualRows }),
    rows: rows.length,
    rowsBefore: observedBefore.reduce((sum, { features }) => sum + features[names[0]!]!.length, 0),
    windowsBefore: earlier.length,
    loss: loss === null || found.split === null ? null : lossPart(loss.name, found, observe(rows).loss!),
    features: found.distances.map(({ feature, value, natural, line }) => ({ feature, value, natural, line })),
    coincident: [...coincident],
    examples: examplesOf(found, rows, lossOf),
  };
}

function causesOf(
  { cause, faults, concept, distances }: ChangeExplanation,
  model: string,
  volume: { readonly total: number; readonly usualRows: number },
): FirstCause[] {
  const causes: FirstCause[] = [];
  if (cause === "silence") {
    const explanation = `${Math.round(volume.total)} predictions where about ${numberText(volume.usualRows)} are usual: requests or records stopped coming.`;
    causes.push({ kind: "silence", target: model, explanation });
  }
  causes.push(...faults.map(faultCause));
  const shifts: { readonly excess: number; readonly cause: FirstCause }[] = [];
  if (concept !== null && Math.abs(concept.value) > concept.line) {
    shifts.push({
      excess: Math.abs(concept.value) / concept.line,
      cause: {
        kind: "concept_shift",
        target: "outcome",
        explanation:
          `Rows of every kind have a loss that is ${numberText(Math.abs(concept.value))} ${concept.value > 0 ? "higher" : "lower"} than ` +
          `their inputs account for; among the windows before it was at most ${numberText(concept.natural)}: the relation of outcome to features, or the rule behind it, has changed.`,
      },
    });
  }
  const shifted = distances.filter(({ value, line }) => value > line);
  if (shifted.length > 0) {
    const { feature, value, natural, line } = shifted[0]!;
    const others =
      shifted.length === 1
        ? ""
        : ` So did ${shifted
            .slice(1)
            .map((each) => each.feature)
            .join(", ")}.`;
    shifts.push({
      excess: value / line,
      cause: {
        kind: "covariate_shift",
        target: feature,
        explanation: `${percentText(value)} of the rows have moved to other values of ${feature}; among the windows before it was at most ${percentText(natural)}.${others}`,
      },
    });
  }
  return [...causes, ...shifts.sort((a, b) => b.excess - a.excess).map((each) => each.cause)];
}

function faultCause(fault: DataFault): FirstCause {
  const { kind, features, severity, factor, share, value } = fault;
  const [name = "", other = ""] = features;
  const words: Readonly<Record<DataFault["kind"], string>> = {
    swapped: `${name} and ${other} have changed places: put back, their values go with the rest of the row as they used to (${numberText(severity)} nats a row better).`,
    unit_change:
      share === undefined
        ? `${name} looks like its usual values times ${numberText(factor ?? 1)}.`
        : `${percentText(share)} of the values of ${name} look like its usual ones times ${numberText(factor ?? 1)}.`,
    nulls: `${percentText(severity)} more of the values of ${name} are missing than usual.`,
    stuck: `${name} repeats ${value ?? "one value"}: its share rose by ${percentText(severity)}, and those rows are otherwise like all rows, not like rows with that value.`,
    new_category: `${percentText(severity)} of the values of ${name} are categories never seen before.`,
  };
  return { kind, target: features.join(", "), explanation: words[kind] };
}

function lossPart(
  name: string,
  { split, concept, parts }: ChangeExplanation,
  losses: ArrayLike<number>,
): Explanation["loss"] {
  const window = Array.from(losses).reduce((sum, each) => sum + each, 0) / losses.length;
  const { total, mix, mixError, within, withinError, new: appeared, gone } = split!;
  // Where no kind of row is on both sides there is no error, and so no line.
  const finite = (number: number) => (Number.isFinite(number) ? number : null);
  return {
    name,
    window,
    before: window - total,
    covariate: mix,
    covariateError: finite(mixError),
    concept: within,
    conceptError: finite(withinError),
    notComparable: appeared + gone,
    common: { ...concept!, line: finite(concept!.line) },
    level: parts!.level,
    features: [...parts!.features],
    segments: [...parts!.segments],
  };
}

/** Rows that show the first cause; where it is none of a value, those with the largest loss. */
function examplesOf(
  { faults: [fault] }: ChangeExplanation,
  rows: readonly SampledRow[],
  lossOf: (row: SampledRow) => number | null,
): Explanation["examples"] {
  const name = fault?.features[0] ?? "";
  const shows = (row: SampledRow) =>
    (fault?.kind === "nulls" && row.inputs[name] === null) ||
    (fault?.kind === "stuck" && row.inputs[name] === fault.value) ||
    fault?.kind === "swapped" ||
    fault?.kind === "unit_change";
  const showing = rows.filter(shows);
  const chosen =
    showing.length > 0
      ? showing
      : rows.toSorted((a, b) => (lossOf(b) ?? -1) - (lossOf(a) ?? -1) || (a.id < b.id ? -1 : 1));
  return chosen.slice(0, MOST_EXAMPLES).map(({ id, traceId }) => ({ id, traceId }));
}
