import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildProfile, startProcessor } from "@tidemark/processor";
import { configSchema } from "@tidemark/schema";
import { pino } from "pino";

/** A processor with one model whose outcomes are yes or no, and a folder for files; both end with `use`. */
export async function withProcessor(use: (at: { url: string; folder: string }) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "tidemark-label-test-"));
  try {
    const training = Array.from(
      { length: 400 },
      (_, row) => `${row % 7},${(row % 10) / 10},${row % 3 ? "no" : "yes"},${row % 4 ? "no" : "yes"}`,
    );
    await writeFile(join(folder, "train.csv"), ["age,score,label,truth", ...training].join("\n"));
    const profile = await buildProfile({
      path: join(folder, "train.csv"),
      model: { name: "churn", version: "1", type: "classification" },
      prediction: { score: "score", label: "label" },
      outcome: { label: "truth" },
      positiveLabel: "yes",
    });
    await writeFile(join(folder, "profile.json"), JSON.stringify(profile));
    const config = configSchema.parse({
      server: { port: 0 },
      clock: { mode: "replay" },
      models: [{ name: "churn", profile: "profile.json", windows: ["24h"] }],
    });
    const processor = await startProcessor({ config, directory: folder, logger: pino({ level: "silent" }) });
    try {
      await use({ url: processor.url, folder });
    } finally {
      await processor.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
