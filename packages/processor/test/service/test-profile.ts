import { contentHash, type Profile } from "@tidemark/schema";

const STATES = { valid: 1000, missing: 0, type_mismatch: 0, out_of_range: 0, unseen_category: 0, non_finite: 0 };
const INFLATION = { rows: [1, 1] as [number, number], slots: null };
const MISSING = { varianceInflation: INFLATION, slots: null };

/** A reference of 1,000 rows without a season: distance evenly over 0..1000, origin LAS or PHX, score evenly over 0..1. */
export function testProfile(name = "flight-delay"): Profile {
  const content: Omit<Profile, "id"> = {
    format: "tidemark.profile/1",
    model: { name, version: "1", type: "classification" },
    source: { rows: 1000, start: null, end: null },
    season: null,
    positiveLabel: "late",
    fields: [
      numericField("feature", "distance", 1000),
      {
        kind: "categorical",
        target: "feature",
        name: "origin",
        states: STATES,
        varianceInflation: INFLATION,
        missing: MISSING,
        categories: ["LAS", "PHX"],
        counts: [500, 500, 0],
        otherCategories: [],
        slots: null,
      },
      numericField("prediction", "score", 1),
    ],
    performance: { "ml.performance.accuracy": 0.8 },
  };
  return { ...content, id: contentHash(content) };
}

function numericField(target: "feature" | "prediction", name: string, top: number): Profile["fields"][number] {
  const boundaries = [-Number.MIN_VALUE, ...Array.from({ length: 20 }, (_, index) => ((index + 1) / 20) * top)];
  return {
    kind: "numeric",
    target,
    name,
    states: STATES,
    varianceInflation: INFLATION,
    missing: MISSING,
    boundaries,
    counts: [0, ...Array.from({ length: 20 }, () => 50), 0],
    detectorEdges: Array.from({ length: 21 }, (_, index) => index),
    min: 0,
    max: top,
    mean: top / 2,
    standardDeviation: top / Math.sqrt(12),
    range: { min: null, max: null },
    slots: null,
  };
}
