import { readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { type BuildProfileOptions, buildProfile } from "@tidemark/processor";
import { MODEL_TYPES, type ModelType, type Profile, timeZoneSchema } from "@tidemark/schema";
import { TidemarkError } from "@tidemark/semconv";
import type { Command } from "commander";
import { z } from "zod";
import { loadPredict } from "../attribution/load-predict.ts";
import { permutationImportance } from "../attribution/permutation-importance.ts";
import { type Ranges, readRanges } from "../config/read-ranges.ts";
import { splitList } from "../config/split-list.ts";

interface ProfileFlags {
  readonly model: string;
  readonly modelVersion: string;
  readonly type: string;
  readonly time?: string;
  readonly timeZone?: string;
  readonly numeric: readonly string[];
  readonly categorical: readonly string[];
  readonly vectors: readonly string[];
  readonly range?: Ranges;
  readonly score?: string;
  readonly label?: string;
  readonly value?: string;
  readonly outcome?: string;
  readonly positive?: string;
  readonly importances?: string;
  readonly attributions?: string;
  readonly predict?: string;
  readonly segments?: readonly string[];
  readonly from?: string;
  readonly to?: string;
  readonly output: string;
}

const EXAMPLES = `
The profile is the reference that production is compared with: make it from the data the model was trained on. Without
--numeric and --categorical every column that has no other part is a feature, of the kind its type suggests, but for times,
empty columns and texts that differ in each row, which name rows; what is left out is told. A number that begins with a zero,
such as 02134, makes its column one of texts. Lists of fractional numbers of one length are vectors.

Examples:
  tidemark profile train.parquet --model churn --type classification --score p --outcome churned --positive yes
  tidemark profile train.csv --model price --type regression --value predicted --outcome paid --time sold_at --time-zone Europe/Berlin
  tidemark profile train.parquet --model churn --score p --attributions shap_
  tidemark profile train.jsonl --model churn --numeric age,income --categorical country --range age=0:120,income=0:`;

/** `tidemark profile DATA`: a versioned profile from Parquet, CSV, JSON lines or Arrow. */
export function registerProfile(program: Command): void {
  program
    .command("profile")
    .description("make a model's reference profile from training data")
    .argument("<data>", "Parquet, CSV, JSON lines or Arrow file")
    .requiredOption("--model <name>", "name of the model")
    .option("--model-version <version>", "version of the model", "1")
    .option("--type <type>", `what the model does: ${MODEL_TYPES.join(", ")}`, "classification")
    .option("--time <column>", "event time; gives the season and the autocorrelation")
    .option(
      "--time-zone <name>",
      "zone whose clock people or processes follow, such as Europe/Berlin: the season's hours of the week keep to it through summer time (default: UTC)",
      readTimeZone,
    )
    .option("--numeric <columns>", "numeric features, separated by commas", splitList, [])
    .option("--categorical <columns>", "categorical features, separated by commas", splitList, [])
    .option(
      "--vectors <columns>",
      "columns of vectors, such as embeddings: lists of numbers of one length",
      splitList,
      [],
    )
    .option(
      "--range <limits>",
      "limits of numeric features, as age=0:120,amount=0:; values beyond are out of range",
      readRanges,
    )
    .option("--score <column>", "the model's score")
    .option("--label <column>", "the model's predicted class")
    .option("--value <column>", "the model's predicted quantity")
    .option("--outcome <column>", "the truth: class or quantity")
    .option("--positive <class>", "class that the score is the probability of")
    .option(
      "--importances <file>",
      "JSON file of importances by feature, such as mean absolute SHAP values; recorded attributions are compared with them",
    )
    .option(
      "--attributions <prefix>",
      "instead: what begins the names of columns with each feature's attribution, such as shap_ for shap_age",
    )
    .option("--predict <module|url>", "instead: ask the model about 2,000 rows with one feature at a time dealt anew")
    .option(
      "--segments <columns>",
      "columns that are declared segments in production, beside the categorical features, separated by commas",
      splitList,
    )
    .option("--from <time>", "leave out rows before this ISO time")
    .option("--to <time>", "leave out rows at or after this ISO time")
    .option("-o, --output <file>", "where to write it", "profile.json")
    .addHelpText("after", EXAMPLES)
    .action(makeProfile);
}

async function makeProfile(data: string, flags: ProfileFlags): Promise<void> {
  const profile = await buildProfile({
    path: data,
    model: { name: flags.model, version: flags.modelVersion, type: modelType(flags.type) },
    features: chosenFeatures(flags),
    vectors: flags.vectors.length === 0 ? undefined : flags.vectors,
    range: flags.range,
    importances: flags.importances === undefined ? undefined : await readImportances(flags.importances),
    attributionPrefix: flags.attributions,
    segments: flags.segments,
    measureImportances: flags.predict === undefined ? undefined : await askModel(flags.predict),
    prediction: optional({ score: flags.score, label: flags.label, value: flags.value }),
    ...(flags.outcome === undefined
      ? {}
      : { outcome: flags.type === "regression" ? { value: flags.outcome } : { label: flags.outcome } }),
    onNote: (note) => console.error(note),
    ...optional({
      time: flags.time,
      timeZone: flags.timeZone,
      positiveLabel: flags.positive,
      from: flags.from,
      to: flags.to,
    }),
  });
  await writeWhole(flags.output, `${JSON.stringify(profile)}\n`);
  const vectors = (profile.embeddings ?? []).map(({ name, dimension }) => `${name} (${dimension} dimensions)`);
  console.log(
    `${profile.fields.length} fields${vectors.length === 0 ? "" : ` and the vectors ${vectors.join(", ")}`} of ${profile.source.rows.toLocaleString("en")} rows -> ${path.resolve(flags.output)}`,
  );
  console.log(profile.id);
  console.log(`features: ${featureNames(profile)}`);
}

function featureNames({ fields }: Profile): string {
  const features = fields.filter(({ target }) => target === "feature");
  return features.map(({ name, kind }) => `${name} (${kind})`).join(", ") || "none";
}

/** How far the model's predictions move when a feature is dealt anew; needs no outcomes. */
async function askModel(place: string): Promise<NonNullable<BuildProfileOptions["measureImportances"]>> {
  const model = await loadPredict(place);
  return (rows) => permutationImportance(rows, model, (name) => console.error(`${name} ...`));
}

async function readImportances(file: string): Promise<Record<string, number>> {
  try {
    return z.record(z.string(), z.number()).parse(JSON.parse(await readFile(file, "utf8")));
  } catch (cause) {
    const fix = 'Write them as {"age": 0.4, "income": 0.1}.';
    throw new TidemarkError("usage", `${file} holds no importances by feature`, { cause, fix });
  }
}

function readTimeZone(name: string): string {
  const { error } = timeZoneSchema.safeParse(name);
  if (error === undefined) return name;
  throw new TidemarkError("usage", `--time-zone is "${name}"; ${error.issues[0]?.message}`);
}

/** Undefined: every remaining column, by its type. */
function chosenFeatures(flags: ProfileFlags): Record<string, "numeric" | "categorical"> | undefined {
  const chosen = [
    ...flags.numeric.map((name) => [name, "numeric"] as const),
    ...flags.categorical.map((name) => [name, "categorical"] as const),
  ];
  return chosen.length === 0 ? undefined : Object.fromEntries(chosen);
}

function modelType(text: string): ModelType {
  const type = MODEL_TYPES.find((candidate) => candidate === text);
  if (type === undefined)
    throw new TidemarkError("usage", `--type is "${text}"; expected one of ${MODEL_TYPES.join(", ")}`);
  return type;
}

function optional<T extends Record<string, string | undefined>>(members: T): { [K in keyof T]?: string } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: string;
  };
}

/** Writes beside the target and renames, so that a reader never sees half a file. */
async function writeWhole(file: string, content: string): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`;
  await writeFile(temporary, content);
  await rename(temporary, file);
}
