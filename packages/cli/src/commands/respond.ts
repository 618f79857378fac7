import path from "node:path";
import { noteRefusedConfiguration, startResponder } from "@tidemark/responder";
import type { Command } from "commander";
import { EXIT } from "../config/fail.ts";
import { loadResponderConfig } from "../config/load-config.ts";
import { stopSignal } from "../config/stop-signal.ts";
import { startReviews } from "../review/start-reviews.ts";

/** `tidemark respond FILE`: runs the responder until it is told to stop. */
export function registerRespond(program: Command): void {
  program
    .command("respond")
    .description("run the responder: alerts in, graduated and approved actions out")
    .argument("[file]", "the configuration", "responder.yaml")
    .option("--check", "check the configuration and end")
    .addHelpText(
      "after",
      `
Takes Alertmanager's and Grafana's webhooks at /webhooks/alertmanager and /webhooks/grafana, serves the pages for people
at / and the API of \`tidemark incident\` under /v1. Actions are only shown until the configuration says dryRun: false.
SIGTERM and SIGINT stop it cleanly.

Examples:
  tidemark respond responder.yaml
  tidemark respond --check responder.yaml`,
    )
    .action(async (file: string, { check = false }: { check?: boolean }) => {
      const { config, directory } = await loadResponderConfig(file, check ? undefined : noteOn(file));
      if (check) {
        const { policies, actions, people } = config;
        const policyNames = policies.map(({ name, steps }) => `${name} (${steps.map(({ rung }) => rung).join(", ")})`);
        console.log(`policies: ${policyNames.join("; ") || "none"}`);
        console.log(`actions: ${Object.keys(actions).join(", ") || "none"}`);
        console.log(`people: ${people.map(({ name, roles }) => `${name} (${roles.join(", ")})`).join("; ")}`);
        console.log(`${file} is valid${config.dryRun ? "; it is a dry run: nothing is done" : ""}.`);
        return;
      }
      const responder = await startResponder({ config, directory });
      console.log(`the responder is listening on ${responder.url}${config.dryRun ? " (dry run)" : ""}`);
      const reviews = startReviews(responder, config, directory);
      await stopSignal();
      await reviews.stop();
      await responder.close();
      process.exitCode = EXIT.ok;
    });
}

/** A start that is refused is on the audit log too; where that fails, the refusal itself is what has to be told. */
function noteOn(file: string): (statePath: string, reason: string) => void {
  return (statePath, reason) => {
    try {
      noteRefusedConfiguration(statePath, path.basename(file), reason, Date.now());
    } catch (error) {
      console.error(`the audit log could not be written: ${(error as Error).message}`);
    }
  };
}
