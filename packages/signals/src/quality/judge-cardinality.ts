import type { ModelConfig, Profile, ProfileField, VarietyCurve } from "@tidemark/schema";
import { attr, type MonitorState, metric } from "@tidemark/semconv";
import { totalOf } from "../field-of.ts";
import { createFinding } from "../finding.ts";
import { MINIMUM_WINDOW_ROWS } from "../minimum-rows.ts";
import { numberText, percentText } from "../number-text.ts";
import type { DistinctCounts, FieldCounts, Finding } from "../window-aggregate.ts";
import { alongCurve, blockReach, limitChance } from "./variety-limits.ts";

/** Distinct values lost or in excess below this are nobody's business, nor beyond the counter's error (1.6 %). */
const WARNING_SHARE = 0.1;
/** Beyond the line by so much it is somebody's business at once. */
const CRITICAL_GROWTH = 0.2;
/** Fewer values more or less prove nothing: a rare one comes or does not. */
const LEAST_VALUES = 5;
/** Standard deviations of a 95 % interval. */
const INTERVAL = 1.96;

interface JudgeCardinalityOptions {
  readonly profile: Profile;
  readonly field: ProfileField;
  readonly counts: FieldCounts;
  readonly distinct: DistinctCounts;
  readonly quality: ModelConfig["quality"];
}

/** On one side, fewer or more, weighted over the stretches: logarithms of a ratio, and numbers of values. */
interface Departure {
  readonly what: "fewer" | "more";
  readonly ratio: number;
  readonly limit: number;
  readonly deviation: number;
  readonly distinct: number;
  readonly expected: number;
}

/**
 * Whether a feature has as many different values as stretches of the reference with as many rows: codes that are cut or merged and caches that
 * answer for all leave fewer, ids where categories were expected bring more. `ml.data_quality.share` of the rule `cardinality`: the part of
 * the reference's distinct values that is lost, `1 - D/E`, or the part of the window's that is in excess, `1 - E/D`; 0 where neither is.
 *
 * E is the mean (of logarithms) over the reference's stretches of that length. Line: a prediction interval for one more stretch, over both
 * sides and all features, or the reference's own extreme; at least 10 %, or what `quality.allowed` accepts. Stretches' limits add up as they
 * are, as what moves one may move all. Beyond the lengths that the reference knows E is what its nearest length bounds; records that were
 * sampled may have as many values as all rows they stand for. `critical` where the interval is beyond the line by 20 points. Null without values.
 */
export function judgeCardinality(options: JudgeCardinalityOptions): Finding | null {
  const { profile, field, counts, distinct, quality } = options;
  const { variety } = field;
  const found = distinct.features[field.name];
  if (variety === undefined || found === undefined) return null;
  const present = presentShare(counts);
  const rows = totalOf(distinct.stretches.map((stretch) => stretch.rows));
  if (rows === 0 || present === 0) return null;
  const chance = limitChance(profile, 2);
  const parts = distinct.stretches.map((stretch, at) => {
    // What is missing counts as one value where there is any.
    const most = Math.max(1, found[at]!);
    const least = Math.max(1, most - (present < 1 ? 1 : 0));
    const [low, high] = [stretch.rows * present, stretch.weighted * present];
    return {
      weight: stretch.rows / rows,
      fewer: { distinct: most, expected: leastExpected(variety, low), ...limitAt(variety, low, chance, "fewer") },
      more: { distinct: least, expected: mostExpected(variety, high), ...limitAt(variety, high, chance, "more") },
    };
  });
  const departureOf = (what: "fewer" | "more"): Departure => {
    const sum = (of: (part: (typeof parts)[number]["fewer"]) => number) =>
      totalOf(parts.map((part) => part.weight * of(part[what])));
    const ratio = sum((part) => part.expected - Math.log(part.distinct));
    return {
      what,
      ratio: what === "fewer" ? ratio : -ratio,
      limit: sum((part) => part.limit),
      deviation: sum((part) => part.deviation),
      distinct: sum((part) => part.distinct),
      expected: sum((part) => Math.exp(part.expected)),
    };
  };
  const [fewer, more] = [departureOf("fewer"), departureOf("more")];
  const departure = fewer.ratio > more.ratio ? fewer : more;
  const line = Math.max(shareOf(departure.limit), WARNING_SHARE, quality.allowed[field.name]?.cardinality ?? 0);
  const [value, lower, upper] = [0, -INTERVAL, INTERVAL].map((by) =>
    shareOf(departure.ratio + by * departure.deviation),
  );
  const isMeant = Math.abs(departure.expected - departure.distinct) >= LEAST_VALUES;
  const state = isMeant ? stateOf(value!, lower!, line) : "ok";
  return createFinding({
    target: { kind: field.target, name: field.name },
    metric: metric.dataQualityShare,
    attributes: { [attr.qualityRule]: "cardinality" },
    ...{ value: value!, lower: lower!, upper: upper! },
    state: rows * present < MINIMUM_WINDOW_ROWS ? "insufficient_data" : state,
    threshold: line,
    evidence: {
      numbers: { distinct: departure.distinct, expected: departure.expected, stretches: parts.length },
      note:
        `${numberText(departure.distinct)} distinct values in ${numberText((rows * present) / parts.length)} rows, ` +
        `${numberText(departure.expected)} in as many of the reference; warns above ${percentText(line)} ${departure.what}`,
      bins: null,
    },
    count: Math.round(rows * present),
  });
}

/** Share of the rows that hold a value of the feature's kind. */
function presentShare({ states }: FieldCounts): number {
  const rows = totalOf(Object.values(states));
  return rows === 0 ? 0 : 1 - (states.missing + states.type_mismatch + states.non_finite) / rows;
}

/** A lower bound of the mean log(distinct values), as they never fall with more rows, and fall no faster than the rows. */
function leastExpected(curve: VarietyCurve, rows: number): number {
  return meanAt(curve, rows) + Math.min(0, Math.log(rows / curve[0]!.rows));
}

/** An upper bound, as they rise no faster than the rows. */
function mostExpected(curve: VarietyCurve, rows: number): number {
  return meanAt(curve, rows) + Math.max(0, Math.log(rows / curve.at(-1)!.rows));
}

function meanAt(curve: VarietyCurve, rows: number): number {
  return alongCurve(curve, rows, ({ distinct }) => distinct.mean);
}

function limitAt(curve: VarietyCurve, rows: number, chance: number, side: "fewer" | "more") {
  const limit = alongCurve(curve, rows, ({ distinct: { mean, deviation, smallest, largest }, blocks }) =>
    Math.max(side === "fewer" ? mean - smallest : largest - mean, blockReach(deviation, blocks, chance)),
  );
  return { limit, deviation: alongCurve(curve, rows, ({ distinct }) => distinct.deviation) };
}

function shareOf(ratio: number): number {
  return Math.max(0, 1 - Math.exp(-ratio));
}

function stateOf(value: number, lower: number, line: number): MonitorState {
  if (value <= line) return "ok";
  return lower > line + CRITICAL_GROWTH ? "critical" : "warning";
}
