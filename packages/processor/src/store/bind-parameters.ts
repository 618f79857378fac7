import { quoteNumber, quoteText } from "./quote.ts";

/** Value of a `{name:Type}` placeholder. */
export type QueryParameter = string | number | bigint | readonly string[];
export type QueryParameters = Readonly<Record<string, QueryParameter>>;

/** String literals and quoted names, which are kept as they are, or a placeholder. */
const TOKENS = /'(?:\\[\s\S]|[^'\\])*'|`(?:\\[\s\S]|[^`\\])*`|\{(\w+):([A-Za-z0-9()]+)\}/g;

/**
 * Puts the values of `{name:Type}` placeholders into SQL as literals; text inside quotes is never taken for one.
 * The engine's own binding lets only one query of the process run at a time, whatever its session.
 * Types: String, Array(String), Float64, and integers.
 * Throws RangeError where a placeholder has no value, or one that is not of its type.
 */
export function bindParameters(sql: string, parameters: QueryParameters): string {
  return sql.replace(TOKENS, (token: string, name: string | undefined, type: string | undefined) =>
    name === undefined || type === undefined ? token : literal(name, type, parameters[name]),
  );
}

function literal(name: string, type: string, value: QueryParameter | undefined): string {
  if (type === "String" && typeof value === "string") return quoteText(value);
  if (type === "Array(String)" && Array.isArray(value))
    return `CAST([${value.map(quoteText).join()}], 'Array(String)')`;
  if (type === "Float64" && typeof value === "number") return quoteNumber(value);
  if (/^U?Int\d+$/.test(type) && typeof value !== "object" && /^-?\d+$/.test(String(value)))
    return `CAST(${value}, '${type}')`;
  throw new RangeError(`parameter ${name} is ${String(value)}; the query expects ${type}`);
}
