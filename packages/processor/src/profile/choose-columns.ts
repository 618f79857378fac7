import { nearestName, TidemarkError } from "@tidemark/semconv";
import type { BuildProfileOptions, FieldColumn } from "./build-options.ts";
import type { DataColumn, DataFile } from "./data-file.ts";
import { holdsTimes } from "./time-column.ts";
import type { UnfitColumns } from "./unfit-columns.ts";

const NUMERIC_TYPE = /^(U?Int\d+|Float\d+|BFloat16|Decimal)/;
const CATEGORICAL_TYPE = /^(String|FixedString|Enum|Bool)/;

/**
 * The columns that become fields: features in the order given (or of the file), then predictions, then outcomes. Where no features are
 * named, empty columns, texts that name rows and times are none, which `options.onNote` is told.
 * Throws TidemarkError `dataUnreadable` for a column that the file does not have, with the nearest name.
 */
export function chooseColumns(
  file: DataFile,
  options: BuildProfileOptions,
  unfit: UnfitColumns,
  hasVectors: boolean,
): FieldColumn[] {
  const columnOf = (name: string, part: string) => findColumn(file, name, part);
  const { prediction = {}, outcome = {} } = options;
  const answers: FieldColumn[] = (
    [
      ["prediction", "score", prediction.score, "numeric"],
      ["prediction", "label", prediction.label, "categorical"],
      ["prediction", "value", prediction.value, "numeric"],
      ["outcome", "label", outcome.label, "categorical"],
      ["outcome", "value", outcome.value, "numeric"],
    ] as const
  ).flatMap(([target, name, column, kind]) =>
    column === undefined
      ? []
      : [{ target, name, column: columnOf(column, `the ${target} ${name}`).name, kind, range: unlimited }],
  );
  if (options.time !== undefined) columnOf(options.time, "the time");
  const taken = new Set([...answers.map(({ column }) => column), options.time]);
  const free = file.columns.filter(({ name }) => !taken.has(name) && !isAttribution(file, options, name));
  const features = options.features ?? guessFeatures(free, unfit, options);
  for (const name of Object.keys(options.range ?? {})) {
    if (features[name] !== "numeric") {
      throw new TidemarkError("dataUnreadable", `a range is given for ${name}, which is not a numeric feature`);
    }
  }
  const chosen = Object.entries(features).map(([name, kind]): FieldColumn => {
    const range = options.range?.[name];
    return {
      target: "feature",
      name,
      column: columnOf(name, "a feature").name,
      kind,
      range: { min: range?.min ?? null, max: range?.max ?? null },
    };
  });
  if (chosen.length + answers.length === 0 && !hasVectors) {
    throw new TidemarkError("dataUnreadable", `${file.path} has no column of numbers, text or vectors for a profile`);
  }
  return [...chosen, ...answers];
}

/** Whether a column holds the attributions of another one. */
function isAttribution(file: DataFile, { attributionPrefix }: BuildProfileOptions, name: string): boolean {
  if (attributionPrefix === undefined || !name.startsWith(attributionPrefix)) return false;
  return file.columns.some((column) => attributionPrefix + column.name === name);
}

/** The column of that name; throws TidemarkError with the nearest name where there is none. */
export function findColumn(file: DataFile, name: string, part: string): DataColumn {
  const found = file.columns.find((column) => column.name === name);
  if (found !== undefined) return found;
  const names = file.columns.map((column) => column.name);
  const nearest = nearestName(name, names);
  const advice = nearest === null ? `its columns are ${names.join(", ")}` : `did you mean "${nearest}"?`;
  throw new TidemarkError("dataUnreadable", `${file.path} has no column "${name}" for ${part}; ${advice}`);
}

const unlimited = { min: null, max: null };

function guessFeatures(
  columns: readonly DataColumn[],
  unfit: UnfitColumns,
  { time, onNote }: BuildProfileOptions,
): Record<string, "numeric" | "categorical"> {
  return Object.fromEntries(
    columns.flatMap((column): [string, "numeric" | "categorical"][] => {
      const { name, type } = column;
      if (unfit.empty.includes(name)) {
        onNote?.(`column "${name}" is left out: it has no value in any row`);
        return [];
      }
      if (holdsTimes(column)) {
        const use =
          time === undefined ? "; named as the time of the rows it would give season and autocorrelation" : "";
        onNote?.(`column "${name}" is left out: it holds times${use}`);
        return [];
      }
      if (unfit.rowNames.includes(name)) {
        onNote?.(`column "${name}" is left out: it has another text in each row, so it names rows`);
        return [];
      }
      if (unfit.perhapsRowNames.includes(name)) {
        onNote?.(
          `column "${name}" has another whole number in each row: if it names rows, name the features without it`,
        );
      }
      if (NUMERIC_TYPE.test(type)) return [[name, "numeric"]];
      return CATEGORICAL_TYPE.test(type) ? [[name, "categorical"]] : [];
    }),
  );
}
