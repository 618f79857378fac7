import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { LineProposal } from "@tidemark/responder";
import { TidemarkError } from "@tidemark/semconv";
import { callResponder, type ResponderConnection } from "../config/call-responder.ts";
import { patchConfig } from "../config/patch-config.ts";
import { percentText } from "../report/number-text.ts";

export interface ProposalOptions extends ResponderConnection {
  readonly config?: string;
  readonly patch?: string;
  readonly json?: boolean;
}

/** `tidemark incident proposals`: lines that would have told useful alerts from noise, and the patch that sets them. */
export async function showProposals({ config, patch: patchFile, json, ...connection }: ProposalOptions): Promise<void> {
  if (patchFile !== undefined && config === undefined) {
    throw new TidemarkError("usage", "--patch needs --config, the file that the patch is for");
  }
  const { proposals } = await callResponder<{ proposals: LineProposal[] }>(connection, "GET", "/v1/proposals");
  if (json === true) return console.log(JSON.stringify(proposals, null, 2));
  if (proposals.length === 0) {
    console.log("No line would have told marked alerts apart: it takes three of noise, and no useful one among them.");
    return;
  }
  for (const line of proposals.flatMap(proposalLines)) console.log(line);
  if (config === undefined) return;
  const text = await readFile(config, "utf8").catch((cause: unknown) => {
    throw new TidemarkError("configUnreadable", `${config} cannot be read`, { cause });
  });
  const { patch, left } = patchConfig(text, path.relative(process.cwd(), path.resolve(config)), proposals);
  for (const line of left) console.log(`not in the patch: ${line}`);
  if (patchFile === undefined || patch === "") return console.log(patch);
  await writeFile(patchFile, patch);
  console.log(`wrote ${patchFile}; apply it with: git apply ${patchFile}`);
}

function proposalLines({
  model,
  setting,
  value,
  noise,
  useful,
  unmarked,
  windows,
  lostAtMost,
}: LineProposal): string[] {
  const told = typeof value === "number" ? String(value) : `${value.value} (${value.metric}, lower bound)`;
  return [
    `${model}: ${setting.join(".")} = ${told}`,
    `  would have removed ${noise.removed} of ${noise.of} noise alerts and ${useful.of - useful.kept} of the ${useful.of} useful ones, and ${unmarked.removed} of ${unmarked.of} that nobody marked;`,
    `  ${windows.before} windows outside their lines become ${windows.after}. Chosen on these alerts: of the useful ones to come it loses at most ${percentText(lostAtMost)} (95 %).`,
  ];
}
