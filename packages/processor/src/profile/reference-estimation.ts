import type { ClassEstimation, Profile } from "@tidemark/schema";
import { featureCodes, NO_CLASS, sampleRows } from "@tidemark/signals";
import {
  confusionCells,
  confusionLayout,
  countConfusion,
  countReferenceCells,
  type MetricValues,
} from "@tidemark/stats";
import { cellCodes } from "../aggregate/cell-codes.ts";
import type { EngineSession } from "../store/engine-session.ts";
import { quoteText } from "../store/quote.ts";
import type { FieldColumn } from "./build-options.ts";
import { type DataFile, readData } from "./data-file.ts";
import { ROW_STATE, ROWS } from "./load-rows.ts";
import { packBytes, packDoubles } from "./pack-values.ts";
import type { RowCells } from "./row-cells.ts";

/** Rows with score and outcome below which nothing is estimated. */
const MIN_ROWS = 300;
/** Fewest rows of either outcome. */
const MIN_EITHER = 30;

/**
 * What estimating performance before outcomes come needs of the reference: its rows by score, and a sample of them. Null
 * where rows have no score in [0, 1] with an outcome, or too few of either outcome.
 *
 * @param cells the same rows in the same order.
 */
export async function referenceEstimation(
  session: EngineSession,
  file: DataFile,
  columns: readonly FieldColumn[],
  profile: Pick<Profile, "model" | "positiveLabel" | "fields">,
  cells: RowCells,
): Promise<ClassEstimation | null> {
  const rows = await readScored(session, file, columns, profile);
  if (rows === null) return null;
  const used = rows.filter(({ score, outcome }) => outcome !== UNKNOWN && score >= 0 && score <= 1);
  const right = used.filter(({ outcome }) => outcome === 1).length;
  const hasOthers = rows.some(({ score }) => score < 0 || score > 1);
  if (hasOthers || used.length < MIN_ROWS || Math.min(right, used.length - right) < MIN_EITHER) return null;
  const counted = countReferenceCells({
    scores: Float64Array.from(used, ({ score }) => score),
    predicted: Uint8Array.from(used, ({ predicted }) => predicted),
    outcomes: Uint8Array.from(used, ({ outcome }) => outcome),
  });
  const features = profile.fields.filter(({ target }) => target === "feature");
  const count = Math.min(used.length, sampleRows(features.length));
  const sampled = Array.from({ length: count }, (_, i) => used[Math.floor((i * used.length) / count)]!);
  const codes = profile.fields.flatMap((field, index) => {
    if (field.target !== "feature") return [];
    const own = cellCodes(featureCodes(field), cells.cells[index]!);
    return [[field.name, packBytes(sampled.map(({ place }) => own[place]!))] as const];
  });
  return {
    question: profile.positiveLabel === null ? "right" : "positive",
    cells: {
      edges: [...counted.edges],
      priors: [...counted.priors],
      weight: [...counted.weight],
      positive: [...counted.positive],
      truth: orNull(counted.truth),
      offsets: orNull(counted.offsets),
    },
    sample: {
      rows: count,
      scores: packDoubles(sampled.map(({ score }) => score)),
      predicted: packBytes(sampled.map(({ predicted }) => predicted)),
      outcomes: packBytes(sampled.map(({ outcome }) => outcome)),
      codes: Object.fromEntries(codes),
    },
    ...confusionOf(profile, used, sampled),
  };
}

/** Classes up to which the confusion is counted. */
const MAX_CLASSES = 20;

/** Classes that were predicted or came true, by name; null for a model with a positive class, or of too many. */
function classNames({ positiveLabel, fields }: Pick<Profile, "positiveLabel" | "fields">): readonly string[] | null {
  if (positiveLabel !== null) return null;
  const labels = fields.flatMap((field) =>
    field.kind === "categorical" && field.name === "label" && field.target !== "feature"
      ? [...field.categories, ...field.otherCategories]
      : [],
  );
  const names = [...new Set(labels)].sort();
  return names.length >= 2 && names.length <= MAX_CLASSES ? names : null;
}

function confusionOf(
  profile: Pick<Profile, "positiveLabel" | "fields">,
  used: readonly ScoredRow[],
  sampled: readonly ScoredRow[],
): Pick<ClassEstimation, "classes"> {
  const names = classNames(profile);
  if (names === null) return {};
  const rows = {
    predicted: used.map(({ predictedClass }) => predictedClass),
    scores: used.map(({ score }) => score),
  };
  const layout = confusionLayout(rows, names.length);
  const counts = countConfusion(
    layout,
    confusionCells(layout, rows),
    used.map(({ trueClass }) => trueClass),
  );
  return {
    classes: {
      names: [...names],
      edges: layout.edges.map((own) => [...own]),
      counts: [...counts],
      predicted: packBytes(sampled.map(({ predictedClass }) => predictedClass)),
      outcomes: packBytes(sampled.map(({ trueClass }) => trueClass)),
    },
  };
}

const UNKNOWN = 2;

interface ScoredRow {
  readonly place: number;
  readonly score: number;
  readonly predicted: number;
  readonly outcome: number;
  /** Places among the classes; NO_CLASS where there are none. */
  readonly predictedClass: number;
  readonly trueClass: number;
}

/** Rows with a score, in the order of RowCells; null where the model or the columns do not fit. */
async function readScored(
  session: EngineSession,
  file: DataFile,
  columns: readonly FieldColumn[],
  profile: Pick<Profile, "model" | "positiveLabel" | "fields">,
): Promise<ScoredRow[] | null> {
  const { model, positiveLabel } = profile;
  const at = (target: FieldColumn["target"], name: string) =>
    columns.findIndex((column) => column.target === target && column.name === name);
  const score = at("prediction", "score");
  const label = at("prediction", "label");
  const outcome = at("outcome", "label");
  if (model.type !== "classification" || score < 0 || outcome < 0 || (label < 0 && positiveLabel === null)) return null;
  const positive = quoteText(positiveLabel ?? "");
  const isValid = (column: number) => `s${column} = ${ROW_STATE.valid}`;
  const predicted =
    positiveLabel === null
      ? "1"
      : label < 0
        ? `f${score} >= 0.5`
        : `if(${isValid(label)}, f${label} = ${positive}, f${score} >= 0.5)`;
  const cameTrue =
    positiveLabel === null ? `if(${isValid(label)}, f${outcome} = f${label}, ${UNKNOWN})` : `f${outcome} = ${positive}`;
  const names = classNames(profile);
  const classOf = (column: number) =>
    names === null || column < 0
      ? `${NO_CLASS}`
      : `transform(f${column}, [${names.map(quoteText).join()}], [${names.map((_name, place) => place).join()}], ${NO_CLASS})`;
  const bytes = await readData(
    session,
    file.path,
    `SELECT if(${isValid(score)}, f${score}, nan), toUInt8(${predicted}), toUInt8(if(${isValid(outcome)}, ${cameTrue}, ${UNKNOWN})),
      toUInt8(${classOf(label)}), toUInt8(${classOf(outcome)})
    FROM ${ROWS} ORDER BY t, tie`,
    "RowBinary",
  );
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const rows = Array.from({ length: bytes.byteLength / ROW_BYTES }, (_, place) => ({
    place,
    score: view.getFloat64(place * ROW_BYTES, true),
    predicted: view.getUint8(place * ROW_BYTES + 8),
    outcome: view.getUint8(place * ROW_BYTES + 9),
    predictedClass: view.getUint8(place * ROW_BYTES + 10),
    trueClass: view.getUint8(place * ROW_BYTES + 11),
  }));
  return rows.filter((row) => !Number.isNaN(row.score));
}

/** A double and four bytes. */
const ROW_BYTES = 12;

function orNull(values: MetricValues): Record<string, number | null> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, Number.isFinite(value) ? value : null]),
  );
}
