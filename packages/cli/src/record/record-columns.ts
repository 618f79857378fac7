import type { RecordFileOptions } from "@tidemark/processor";
import type { Profile } from "@tidemark/schema";
import type { Command } from "commander";

/** Columns of a file of scored rows, by what they hold. */
export interface ColumnFlags {
  readonly id?: string;
  readonly time?: string;
  readonly score?: string;
  readonly label?: string;
  readonly value?: string;
  readonly outcome?: string;
  readonly outcomeTime?: string;
}

/** The options that name columns; without one, a column that is called as in the files of `tidemark export` is taken. */
export function addColumnOptions(command: Command): Command {
  return command
    .option("--id <column>", "id of the prediction; otherwise id")
    .option("--time <column>", "when it was made; otherwise time")
    .option("--score <column>", "the model's score; otherwise score")
    .option("--label <column>", "the predicted class; otherwise label")
    .option("--value <column>", "the predicted quantity; otherwise value")
    .option("--outcome <column>", "the truth, where it is known: class or quantity")
    .option("--outcome-time <column>", "when it was; otherwise outcome_time, or the time of the prediction");
}

/** Whether any column is named: the file is then none that `tidemark export` wrote. */
export function namesColumns({ id, time, score, label, value, outcome, outcomeTime }: ColumnFlags): boolean {
  return [id, time, score, label, value, outcome, outcomeTime].some((column) => column !== undefined);
}

/** How to read a file of scored rows: the columns named, and as inputs what the profile knows and `more`. */
export function recordFileOptions(
  path: string,
  { id, time, score, label, value, outcome, outcomeTime }: ColumnFlags,
  profile: Profile,
  more: readonly string[],
): RecordFileOptions {
  const truth = isOfQuantities(profile) ? "outcome_value" : "outcome_label";
  return {
    path,
    model: profile.model.name,
    version: profile.model.version,
    columns: { id, time, score, label, value, [truth]: outcome, outcome_time: outcomeTime },
    inputs: [...new Set([...profileInputs(profile), ...more])],
  };
}

/** The features of a profile, vectors too. */
export function profileInputs({ fields, embeddings = [] }: Profile): string[] {
  return [
    ...fields.filter(({ target }) => target === "feature").map(({ name }) => name),
    ...embeddings.map(({ name }) => name),
  ];
}

function isOfQuantities({ fields, model }: Profile): boolean {
  const outcome = fields.find(({ target }) => target === "outcome");
  if (outcome !== undefined) return outcome.name === "value";
  return model.type === "regression" || model.type === "forecast";
}
