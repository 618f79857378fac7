import { TidemarkError } from "@tidemark/semconv";
import type { Command } from "commander";
import { type CapacityPlan, planCapacity, type Workload } from "../capacity/plan-capacity.ts";

interface CapacityFlags {
  readonly models: string;
  readonly features: string;
  readonly rate: string;
  readonly labelDelay: string;
  readonly retention: string;
  readonly json: boolean;
}

/** `tidemark capacity`: what a workload takes, before it is there. */
export function registerCapacity(program: Command): void {
  program
    .command("capacity")
    .description("cores, memory and disk that a workload takes, from measured costs")
    .option("--models <count>", "models that are watched", "1")
    .option("--features <count>", "features of a model", "20")
    .option("--rate <count>", "predictions a second of all models together", "100")
    .option("--label-delay <days>", "days from a prediction to its outcome; `none` where none comes", "7")
    .option("--retention <days>", "days that records are kept", "180")
    .option("--json", "as JSON, for scripts", false)
    .addHelpText(
      "after",
      `
Where each cost was measured stands in docs/scale.md.

Examples:
  tidemark capacity --models 20 --rate 2000
  tidemark capacity --models 10000 --rate 1000000 --label-delay none --json`,
    )
    .action((flags: CapacityFlags) => {
      const plan = plannedFor(flags);
      if (flags.json) console.log(JSON.stringify(plan, null, 2));
      else for (const line of linesOf(plan)) console.log(line);
    });
}

function plannedFor({ models, features, rate, labelDelay, retention }: CapacityFlags): CapacityPlan {
  const workload: Workload = {
    models: Number(models),
    features: Number(features),
    predictionsPerSecond: Number(rate),
    labelDelayDays: labelDelay === "none" ? null : Number(labelDelay),
    retentionDays: Number(retention),
  };
  try {
    return planCapacity(workload);
  } catch (error) {
    throw new TidemarkError("usage", (error as Error).message);
  }
}

function linesOf(plan: CapacityPlan): string[] {
  const number = (value: number) => value.toLocaleString("en", { maximumSignificantDigits: 3 });
  const bytes = (value: number) => (value < 1e12 ? `${number(value / 1e9)} GB` : `${number(value / 1e12)} TB`);
  return [
    `storing     ${number(plan.ingestCores)} cores busy`,
    `judging     ${number(plan.judgingCores)} cores busy`,
    `provide     ${plan.cores} cores, half busy, so that a peak finds room`,
    `memory      ${bytes(plan.memoryBytes)}`,
    `disk        ${bytes(plan.diskBytesPerDay)} a day, ${bytes(plan.diskBytes)} in all`,
    plan.fitsOneProcessor
      ? "one processor with its embedded store suffices"
      : `beyond one processor: ${plan.replicas} of four cores, replicas on a ClickHouse server or each with models of its own (docs/scale.md)`,
  ];
}
