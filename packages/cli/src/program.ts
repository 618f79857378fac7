import { Command } from "commander";
import { registerAttribution } from "./commands/attribution.ts";
import { registerBackfill } from "./commands/backfill.ts";
import { registerBackup } from "./commands/backup.ts";
import { registerCanary } from "./commands/canary.ts";
import { registerCapacity } from "./commands/capacity.ts";
import { registerCheck } from "./commands/check.ts";
import { registerCollectorConfig } from "./commands/collector-config.ts";
import { registerCompare } from "./commands/compare.ts";
import { registerDiff } from "./commands/diff.ts";
import { registerEnsemble } from "./commands/ensemble.ts";
import { registerErase } from "./commands/erase.ts";
import { registerExport } from "./commands/export.ts";
import { registerIncident } from "./commands/incident.ts";
import { registerLabel } from "./commands/label.ts";
import { registerProfile } from "./commands/profile.ts";
import { registerRecord } from "./commands/record.ts";
import { registerReplay } from "./commands/replay.ts";
import { registerReport } from "./commands/report.ts";
import { registerRespond } from "./commands/respond.ts";
import { registerRestore } from "./commands/restore.ts";
import { registerReview } from "./commands/review.ts";
import { registerServe } from "./commands/serve.ts";
import { registerShow } from "./commands/show.ts";
import { registerSkew } from "./commands/skew.ts";
import { registerToken } from "./commands/token.ts";
import { EXIT } from "./config/fail.ts";

/** The demo's flights and model come with the repository; what npm installs has everything but them. */
const DEMO_DATA = "@tidemark/example-flights";
const registerDemo = await import("./demo/register-demo.ts").then(
  (demo) => demo.registerDemo,
  (error: NodeJS.ErrnoException) => {
    if (error.code === "ERR_MODULE_NOT_FOUND" && error.message.includes(DEMO_DATA)) return null;
    throw error;
  },
);

/** The whole command line; one file a command. */
export function createProgram(): Command {
  const program = new Command("tidemark")
    .description("Watches machine-learning models in production through OpenTelemetry.")
    .version("0.1.0")
    .showHelpAfterError("(see tidemark --help)")
    .exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT.ok : EXIT.usage));
  registerDemo?.(program);
  for (const register of [
    registerProfile,
    registerCheck,
    registerCollectorConfig,
    registerServe,
    registerRecord,
    registerLabel,
    registerCompare,
    registerEnsemble,
    registerShow,
    registerExport,
    registerSkew,
    registerErase,
    registerReplay,
    registerBackfill,
    registerAttribution,
    registerDiff,
    registerReport,
    registerReview,
    registerCanary,
    registerRespond,
    registerIncident,
    registerToken,
    registerBackup,
    registerRestore,
    registerCapacity,
  ])
    register(program);
  for (const command of program.commands) command.copyInheritedSettings(program);
  return program;
}
