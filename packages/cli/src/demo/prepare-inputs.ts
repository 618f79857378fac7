import { writeFile } from "node:fs/promises";
import path from "node:path";
import {
  FEATURES,
  FlightFeatures,
  MODEL_NAME,
  MODEL_VERSION,
  REFERENCE,
  scoreFlights,
} from "@tidemark/example-flights";
import { buildProfile } from "@tidemark/processor";
import type { Profile } from "@tidemark/schema";
import { metric } from "@tidemark/semconv";
import { stringify } from "yaml";
import type { DemoFolder } from "./demo-folder.ts";

/** Share of the three million flights in the default demo: about 600,000, the same ones each time. */
const DEMO_SHARE = 0.2;

/** Writes the traffic of the demo: all flights, or a fixed sample of them; and the reference's flights, all of them. */
export async function writeFlights(folder: DemoFolder, all: boolean): Promise<void> {
  const features = await FlightFeatures.compute();
  try {
    await features.writeLines(folder.flights, { share: all ? 1 : DEMO_SHARE });
    await features.writeLines(folder.reference, REFERENCE);
  } finally {
    features.close();
  }
}

/** The profile of 1 to 28 January with what the model said of it, and a configuration that names it. */
export async function writeProfile(folder: DemoFolder): Promise<Profile> {
  await scoreFlights(folder.reference, folder.scored);
  const profile = await buildProfile({
    path: folder.scored,
    model: { name: MODEL_NAME, version: MODEL_VERSION, type: "classification" },
    time: "departure",
    features: FEATURES,
    prediction: { score: "score", label: "label" },
    outcome: { label: "outcome" },
    positiveLabel: "late",
  });
  await writeFile(folder.profile, `${JSON.stringify(profile)}\n`);
  await writeFile(folder.config, stringify(configOf(folder)));
  return profile;
}

function configOf({ store, profile }: DemoFolder): unknown {
  return {
    server: { port: 0 },
    store: { path: path.basename(store) },
    // Every flight has landed by then, so that a window is judged once, with its outcomes.
    clock: { mode: "replay", allowedLateness: "12h" },
    models: [
      {
        name: MODEL_NAME,
        profile: path.basename(profile),
        windows: ["24h", "7d"],
        charts: [{ metric: metric.performanceRocAuc, target: "roc_auc", window: "7d", learn: 12 }],
      },
    ],
  };
}
