import type { FeatureCodes } from "../estimation/feature-encoder.ts";
import { splitByFeature } from "./feature-split.ts";
import type { LossRows } from "./loss-split.ts";
import { findWeakSegments } from "./weak-segments.ts";

/** Parts of a change of mean loss: level + sum of concept + sum of covariate = total. */
export interface LossParts {
  readonly total: number;
  readonly level: number;
  /** Largest part first. */
  readonly features: readonly { readonly feature: string; readonly covariate: number; readonly concept: number }[];
  /** Kinds of rows that do worse than the same kind before, heaviest first; at most five. */
  readonly segments: readonly NamedSegment[];
}

export interface NamedSegment {
  /** `origin = ORD`, or two joined by `and`. */
  readonly name: string;
  readonly rows: number;
  readonly loss: number;
  readonly lossBefore: number;
  readonly gapError: number;
}

const MOST_SEGMENTS = 5;
/** Share of the window's rows from which on a kind of rows is the window. */
const MOST_OF_WINDOW = 0.9;

/** Which features and which kinds of rows a change of mean loss comes from. An association, not a proof of cause. */
export function lossParts(
  reference: LossRows,
  current: LossRows,
  features: readonly { readonly name: string; readonly codes: FeatureCodes }[],
): LossParts {
  const split = splitByFeature(reference, current);
  const byFeature = features
    .map(({ name }, j) => ({ feature: name, covariate: split.covariate[j]!, concept: split.concept[j]! }))
    .sort((a, b) => Math.abs(b.covariate) + Math.abs(b.concept) - Math.abs(a.covariate) - Math.abs(a.concept));
  // A kind that is nearly every row, as the weekday is in a day, says nothing beside the whole.
  const segments = findWeakSegments(current, { reference }).segments.filter(
    ({ n }) => n < MOST_OF_WINDOW * current.loss.length,
  );
  return {
    total: split.total,
    level: split.level,
    features: byFeature,
    segments: segments.slice(0, MOST_SEGMENTS).map((segment) => ({
      name: segment.features.map((j, at) => codeText(features[j]!, segment.codes[at]!)).join(" and "),
      rows: segment.n,
      loss: segment.mean,
      lossBefore: segment.comparedMean,
      gapError: segment.gapError,
    })),
  };
}

/** A feature's code in words, as `encodeFeature` gave it. */
function codeText({ name, codes }: { readonly name: string; readonly codes: FeatureCodes }, code: number): string {
  if (code === 0) return `no ${name}`;
  if (codes.kind === "category") {
    const known = codes.frequent[code - 1];
    if (known !== undefined) return `${name} = ${known}`;
    return code === codes.frequent.length + 1 ? `a rare ${name}` : `a ${name} never seen before`;
  }
  const { edges, min, max } = codes;
  if (code === edges.length + 2) return `${name} below ${number(min)}`;
  if (code === edges.length + 3) return `${name} above ${number(max)}`;
  const from = code === 1 ? min : edges[code - 2]!;
  const to = code === edges.length + 1 ? max : edges[code - 1]!;
  return `${name} from ${number(from)} to ${number(to)}`;
}

function number(value: number): string {
  return String(Number(value.toPrecision(4)));
}
