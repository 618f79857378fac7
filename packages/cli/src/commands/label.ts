import { openOutcomeFile } from "@tidemark/processor";
import { OUTCOME_KINDS, type OutcomeKind } from "@tidemark/schema";
import { TidemarkError } from "@tidemark/semconv";
import type { Command } from "commander";
import { EXIT } from "../config/fail.ts";
import { readToken, TOKEN_VARIABLE } from "../config/read-token.ts";
import { createProgressBar } from "../label/progress-bar.ts";
import { type LabelResult, sendOutcomes } from "../label/send-outcomes.ts";

interface LabelFlags {
  readonly model: string;
  readonly id: string;
  readonly label?: string;
  readonly value?: string;
  readonly position?: string;
  readonly time?: string;
  readonly kind?: string;
  readonly url: string;
  readonly tokenFile?: string;
  readonly dryRun: boolean;
}

const EXAMPLES = `
Sends what really happened for predictions made before, joined by their id. It may come days later, in any order, twice, or
corrected: of several truths for one id the one with the latest time counts. Without --time an outcome counts as
happening now. Rows that cannot be used are left out and explained; the exit code is then 1.

Examples:
  tidemark label landed.parquet --model flight-delay --label outcome --time landed_at
  tidemark label paid.csv --model price --id order_id --value paid --time paid_at
  tidemark label clicks.jsonl --model feed --kind click --position place --time clicked_at
  tidemark label landed.parquet --model flight-delay --label outcome --dry-run    # checks the file, sends nothing`;

/** `tidemark label FILE`: outcomes from a file to a running processor. */
export function registerLabel(program: Command): void {
  program
    .command("label")
    .description("send outcomes (ground truth) from a file to a running processor")
    .argument("<file>", "Parquet, CSV, JSON lines or Arrow file")
    .requiredOption("--model <name>", "name of the model")
    .option("--id <column>", "id of the prediction", "id")
    .option("--label <column>", "the true class")
    .option("--value <column>", "the true quantity, or the worth of a click or conversion")
    .option("--position <column>", "position of what was chosen in a ranking, from 1")
    .option("--time <column>", "when it happened")
    .option("--kind <kind>", `kind of outcome: ${OUTCOME_KINDS.join(", ")}; by the columns given unless named`)
    .option("--url <url>", "address of the processor", "http://127.0.0.1:4318")
    .option("--token-file <file>", `file that holds a token of the scope ingest; else the variable ${TOKEN_VARIABLE}`)
    .option("--dry-run", "only check the file", false)
    .addHelpText("after", EXAMPLES)
    .action(labelFile);
}

async function labelFile(path: string, flags: LabelFlags): Promise<void> {
  const kind = kindOf(flags);
  const { id, label, value, position, time } = flags;
  const file = await openOutcomeFile({ path, columns: { id, label, value, position, time } });
  const bar = createProgressBar(file.rows, "rows");
  try {
    const target = flags.dryRun ? null : flags.url;
    const result = await sendOutcomes({
      rows: file.read(),
      model: flags.model,
      kind,
      url: target,
      token: await readToken(flags.tokenFile),
      onProgress: bar.show,
    });
    bar.clear();
    printResult(result, flags.dryRun);
    process.exitCode = result.refused === 0 ? EXIT.ok : EXIT.failed;
  } finally {
    bar.clear();
    await file.close();
  }
}

function kindOf({ kind, label, value, position }: LabelFlags): OutcomeKind {
  if (label === undefined && value === undefined && position === undefined && kind === undefined) {
    throw new TidemarkError("usage", "no column of the truth is named; expected --label, --value or --position", {
      fix: "Name the column that holds it, such as --label outcome.",
    });
  }
  if (kind === undefined) return label !== undefined ? "class" : value !== undefined ? "value" : "rank";
  const known = OUTCOME_KINDS.find((candidate) => candidate === kind);
  if (known === undefined) {
    throw new TidemarkError("usage", `--kind is "${kind}"; expected one of ${OUTCOME_KINDS.join(", ")}`);
  }
  return known;
}

function printResult({ accepted, refused, reasons }: LabelResult, isDryRun: boolean): void {
  const count = (number: number) => number.toLocaleString("en");
  console.log(
    `${count(accepted)} outcomes ${isDryRun ? "could be sent" : "accepted"}${refused === 0 ? "" : `, ${count(refused)} rows left out:`}`,
  );
  for (const { reason, count: rows, example } of reasons) console.log(`  ${count(rows)} × ${reason}: ${example}`);
}
