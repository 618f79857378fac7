import { OtlpDecodeError } from "../otlp-decode-error.ts";

export type JsonObject = Readonly<Record<string, unknown>>;

const UTF8 = new TextDecoder("utf-8", { fatal: true });
const MAX_UINT64 = 2n ** 64n - 1n;
/** A number outside of a string that a double may not hold exactly. */
const LONG_INTEGER = /[:[,]\s*-?\d{16}/;
/**
 * Values that a body may have. Parsing costs by the value and not by the byte: 64 MiB of `[]` would hold the process for
 * seconds. Attributes with keys of one letter come to 7 million in 64 MiB.
 */
const MAX_VALUES = 8_000_000;
/** The same where long integers are numbers: keeping them exact makes parsing eight times as slow. */
const MAX_VALUES_BESIDE_LONG_INTEGERS = 1_000_000;
const COMMA = 0x2c;
const OPEN_BRACKET = 0x5b;
const OPEN_BRACE = 0x7b;

/**
 * Parses an OTLP/JSON body. Integers that a double cannot hold come back as bigints; only bodies that seem to have some
 * pay for it. Throws OtlpDecodeError where it is not a JSON object in UTF-8.
 */
export function parseBody(bytes: Uint8Array): JsonObject {
  const values = countValues(bytes);
  if (values > MAX_VALUES) throw tooManyValues(MAX_VALUES, "send smaller batches");
  let body: unknown;
  try {
    const text = UTF8.decode(bytes);
    if (!LONG_INTEGER.test(text)) body = JSON.parse(text);
    else if (values > MAX_VALUES_BESIDE_LONG_INTEGERS) {
      throw tooManyValues(MAX_VALUES_BESIDE_LONG_INTEGERS, "write 64-bit integers as text, or send smaller batches");
    } else body = JSON.parse(text, toExactInteger);
  } catch (error) {
    if (error instanceof OtlpDecodeError) throw error;
    throw new OtlpDecodeError(`not an OTLP JSON message: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  return toObject(body, "the body");
}

/** Counts what begins or follows a value, also within texts: never fewer than there are. */
function countValues(bytes: Uint8Array): number {
  let count = 0;
  // By index: an iterator takes nine times as long.
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === COMMA || byte === OPEN_BRACE || byte === OPEN_BRACKET) count++;
  }
  return count;
}

function tooManyValues(most: number, fix: string): OtlpDecodeError {
  return new OtlpDecodeError(`the JSON message has more than ${most} values: ${fix}`);
}

function toExactInteger(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
  return context?.source !== undefined && /^-?\d+$/.test(context.source) ? BigInt(context.source) : value;
}

/** The object at a field; throws where it is something else. */
export function toObject(value: unknown, field: string): JsonObject {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return fail(field, value, "an object");
  return value as JsonObject;
}

/** The list at a field; empty where absent. */
export function toList(value: unknown, field: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : fail(field, value, "an array");
}

/** The text at a field; empty where absent. */
export function toText(value: unknown, field: string): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : fail(field, value, "a string");
}

/** A uint64 or fixed64: a decimal string or a number; 0 where absent. */
export function toUint64(value: unknown, field: string): bigint {
  if (value === undefined || value === null) return 0n;
  const number = toBigint(value);
  return number !== null && number >= 0n && number <= MAX_UINT64
    ? number
    : fail(field, value, "an unsigned 64-bit integer");
}

/** An int64: a number where a double holds it exactly, else a bigint. */
export function toInt64(value: unknown, field: string): number | bigint {
  const number = toBigint(value);
  if (number === null || BigInt.asIntN(64, number) !== number) return fail(field, value, "a signed 64-bit integer");
  const double = Number(number);
  return Number.isSafeInteger(double) ? double : number;
}

/**
 * The `intValue` of an attribute: an int64 as `toInt64`, and a JSON number beyond, which the JavaScript exporter writes for any whole number
 * and which protobuf carries as a double, as the double that it is.
 */
export function toIntValue(value: unknown): number | bigint {
  const isBeyond =
    (typeof value === "bigint" && BigInt.asIntN(64, value) !== value) ||
    (typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value));
  return isBeyond && Number.isFinite(Number(value)) ? Number(value) : toInt64(value, "intValue");
}

/** A double: a number, its decimal text, or `NaN`, `Infinity` and `-Infinity` as text. */
export function toDouble(value: unknown, field: string): number {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "string" && value.trim() !== "") {
    const number = Number(value);
    if (value === "NaN" || !Number.isNaN(number)) return number;
  }
  return fail(field, value, "a number");
}

/** A small unsigned integer, such as an enum or flags; 0 where absent. */
export function toUint32(value: unknown, field: string): number {
  if (value === undefined || value === null) return 0;
  const isUint32 = typeof value === "number" && Number.isInteger(value) && value >= 0 && value < 2 ** 32;
  return isUint32 ? value : fail(field, value, "an unsigned integer (enums travel as numbers in OTLP/JSON)");
}

/** An sint32, a number in OTLP/JSON; 0 where absent. */
export function toInt32(value: unknown, field: string): number {
  if (value === undefined || value === null) return 0;
  const isInt32 = typeof value === "number" && (value | 0) === value;
  return isInt32 ? value : fail(field, value, "a signed 32-bit integer");
}

/** A trace id: hex, in lowercase here. */
export function toHex(value: unknown, field: string): string {
  const text = toText(value, field);
  return /^([0-9a-fA-F]{2})*$/.test(text) ? text.toLowerCase() : fail(field, value, "hex digits");
}

/** Base64, standard or URL-safe. */
export function toBytes(value: unknown, field: string): Uint8Array {
  const text = toText(value, field);
  return /^[A-Za-z0-9+/_-]*={0,2}$/.test(text)
    ? Uint8Array.from(Buffer.from(text, "base64"))
    : fail(field, value, "base64");
}

/** Throws the OtlpDecodeError about a field: what was found, what was expected. */
export function fail(field: string, value: unknown, expected: string): never {
  throw new OtlpDecodeError(`not an OTLP JSON message: ${field} is ${describe(value)}; expected ${expected}`);
}

function describe(value: unknown): string {
  if (typeof value === "object" && value !== null) return Array.isArray(value) ? "an array" : "an object";
  const text = typeof value === "string" ? JSON.stringify(value) : String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function toBigint(value: unknown): bigint | null {
  if (typeof value === "bigint") return value;
  if (typeof value === "number") return Number.isInteger(value) ? BigInt(value) : null;
  return typeof value === "string" && /^-?\d{1,20}$/.test(value) ? BigInt(value) : null;
}
