import { writeFile } from "node:fs/promises";
import path from "node:path";
import { buildProfile } from "@tidemark/processor";
import type { Profile } from "@tidemark/schema";
import type { EventSpec } from "./otlp-json.ts";

const REFERENCE_ROWS = 4_000;

/** Ages between 20 and 79, evenly and in a fixed order. */
export const ageOf = (row: number) => 20 + ((row * 37) % 60);
export const planOf = (row: number) => (row % 3 === 0 ? "a" : "b");
export const scoreOf = (row: number) => ((row * 7) % 100) / 100;

/** The profile of a small model of ages and plans, and its file `profile.json` in the folder. */
export async function churnProfile(folder: string): Promise<Profile> {
  const rows = Array.from({ length: REFERENCE_ROWS }, (_, row) => `${ageOf(row)},${planOf(row)},${scoreOf(row)}`);
  const file = path.join(folder, "train.csv");
  await writeFile(file, `age,plan,p\n${rows.join("\n")}\n`);
  const profile = await buildProfile({
    path: file,
    model: { name: "churn", version: "1", type: "classification" },
    features: { age: "numeric", plan: "categorical" },
    prediction: { score: "p" },
    range: { age: { min: 18, max: 120 } },
  });
  await writeFile(path.join(folder, "profile.json"), JSON.stringify(profile));
  return profile;
}

/** Prediction events as a service in any language sends them; `inputs` are put over the row's own. */
export function predictionEvent(row: number, timeMs: number, more: EventSpec["attributes"] = {}): EventSpec {
  return {
    event: "ml.inference.details",
    timeMs,
    attributes: {
      "ml.model.name": "churn",
      "ml.model.version": "1",
      "ml.inference.id": `row-${row}`,
      "ml.prediction.label": scoreOf(row) >= 0.5 ? "leaves" : "stays",
      "ml.prediction.score": scoreOf(row),
      "ml.inference.inputs": { age: ageOf(row), plan: planOf(row) },
      ...more,
    },
  };
}

export function outcomeEvent(row: number, timeMs: number): EventSpec {
  return {
    event: "ml.outcome.reported",
    timeMs,
    attributes: {
      "ml.model.name": "churn",
      "ml.inference.id": `row-${row}`,
      "ml.outcome.kind": "class",
      "ml.outcome.label": row % 2 === 0 ? "leaves" : "stays",
    },
  };
}
