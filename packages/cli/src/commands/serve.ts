import { startProcessor } from "@tidemark/processor";
import type { Command } from "commander";
import { EXIT } from "../config/fail.ts";
import { loadConfig } from "../config/load-config.ts";
import { stopSignal } from "../config/stop-signal.ts";
import { reportPage } from "../report/report-page.ts";

/** `tidemark serve FILE`: runs the processor until it is told to stop. */
export function registerServe(program: Command): void {
  program
    .command("serve")
    .description("run the processor: OTLP in, judged model health out")
    .argument("[file]", "the configuration", "tidemark.yaml")
    .option("--yes", "start also where a changed configuration loses data", false)
    .addHelpText(
      "after",
      `
Listens for OTLP/HTTP on the configured address (127.0.0.1:4318 unless told otherwise) and serves the report at /,
Prometheus metrics at /metrics and the read API under /v1. SIGTERM and SIGINT stop it cleanly, after
server.drainPeriod; a second one ends it at once.

Example:
  tidemark serve tidemark.yaml`,
    )
    .action(async (file: string, { yes }: { yes: boolean }) => {
      const { config, directory } = await loadConfig(file);
      const processor = await startProcessor({ config, directory, pages: { "/": reportPage }, acceptLoss: yes });
      console.log(`tidemark is listening on ${processor.url}`);
      await stopSignal();
      await processor.drain();
      await processor.close();
      process.exitCode = EXIT.ok;
    });
}
