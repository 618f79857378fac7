import type { CategoricalField } from "@tidemark/schema";
import { wholeText } from "../aggregate/pattern-counts.ts";
import type { EngineSession } from "../store/engine-session.ts";
import { quoteText } from "../store/quote.ts";
import { type DataFile, readData } from "./data-file.ts";
import { validRows } from "./load-rows.ts";

/** Fewer rows or distinct values obey a form by chance; a handful of values is watched as categories. */
const LEAST_ROWS = 200;
const LEAST_DISTINCT = 10;

const DATE = "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])";
const TIME = "([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.,][0-9]+)?)?";

/** The most special first. */
const FORMATS: readonly { readonly format: string; readonly expression: string }[] = [
  { format: "UUID", expression: "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}" },
  { format: "ISO 8601 date", expression: DATE },
  { format: "ISO 8601 time", expression: `${DATE}[T ]${TIME}(Z|[+-][0-9]{2}:?[0-9]{2})?` },
  { format: "time of day", expression: TIME },
  {
    format: "IPv4 address",
    expression: "((25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])",
  },
  { format: "e-mail address", expression: "[^@\\s]+@[^@\\s]+\\.[^@\\s.]+" },
];

/**
 * The form that every value of a categorical column of the reference has: a known format, or digits, capitals or lower-case hexadecimals of
 * one length. Undefined where there is none, or the column has fewer than 200 values or ten different ones.
 */
export async function inferPattern(
  session: EngineSession,
  file: DataFile,
  index: number,
): Promise<CategoricalField["pattern"]> {
  const column = `f${index}`;
  const obeys = (expression: string) =>
    `toUInt8(countIf(NOT match(${column}, ${quoteText(wholeText(expression))})) = 0)`;
  const sql = `
    SELECT toUInt32(count()), toUInt32(uniqUpTo(${LEAST_DISTINCT})(${column})), toUInt32(min(lengthUTF8(${column}))),
      toUInt32(max(lengthUTF8(${column}))), ${[...FORMATS.map(({ expression }) => expression), ...CLASSES.map(({ characters }) => `${characters}+`)].map(obeys).join(", ")}
    ${validRows(index)}`;
  const bytes = await readData(session, file.path, sql, "JSONCompactEachRow");
  const [rows, distinct, shortest, longest, ...kept] = JSON.parse(Buffer.from(bytes).toString("utf8")) as [
    number,
    number,
    number,
    number,
    ...number[],
  ];
  if (rows < LEAST_ROWS || distinct < LEAST_DISTINCT) return undefined;
  const known = FORMATS.find((_format, place) => kept[place] === 1);
  if (known !== undefined) return known;
  if (shortest !== longest || shortest < 2) return undefined;
  const found = CLASSES.find((_class, place) => kept[FORMATS.length + place] === 1);
  if (found === undefined) return undefined;
  return { format: `${shortest} ${found.name}`, expression: `${found.characters}{${shortest}}` };
}

const CLASSES = [
  { name: "digits", characters: "[0-9]" },
  { name: "capital letters", characters: "[A-Z]" },
  { name: "hexadecimal digits", characters: "[0-9a-f]" },
] as const;
