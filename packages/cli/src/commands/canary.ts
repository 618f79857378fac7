import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { buildProfile } from "@tidemark/processor";
import { CANARY_MODEL, CANARY_VALUES } from "@tidemark/responder";
import type { Command } from "commander";

/** Rows of the reference: as many of each value. */
const REFERENCE_ROWS = 10 * CANARY_VALUES;

/** `tidemark canary`: the profile of the model that watches the way from a service to a verdict. */
export function registerCanary(program: Command): void {
  program
    .command("canary")
    .description("make the profile of the canary, the prediction that the responder sends all the time")
    .option("-o, --output <file>", "where to write it", "canary.profile.json")
    .addHelpText(
      "after",
      `
Then tidemark.yaml takes the model in, and responder.yaml sends it:

  models:
    - { name: ${CANARY_MODEL}, profile: canary.profile.json, windows: [1h, 24h] }

  watch: { canary: { endpoint: "http://127.0.0.1:4318" } }`,
    )
    .action(async ({ output }: { output: string }) => {
      await writeFile(output, `${JSON.stringify(await canaryProfile())}\n`);
      console.log(`wrote ${path.resolve(output)}`);
    });
}

async function canaryProfile() {
  const folder = await mkdtemp(path.join(tmpdir(), "tidemark-canary-"));
  try {
    const file = path.join(folder, "reference.csv");
    const rows = Array.from({ length: REFERENCE_ROWS }, (_, row) => {
      const value = row % CANARY_VALUES;
      const label = value >= CANARY_VALUES / 2 ? "high" : "low";
      return `${value},${value / CANARY_VALUES},${label},${label}`;
    });
    await writeFile(file, `value,score,label,outcome\n${rows.join("\n")}\n`);
    return await buildProfile({
      path: file,
      model: { name: CANARY_MODEL, version: "1", type: "classification" },
      features: { value: "numeric" },
      prediction: { score: "score", label: "label" },
      outcome: { label: "outcome" },
      positiveLabel: "high",
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
