import { BinaryReader } from "@bufbuild/protobuf/wire";
import type { ChaosRequest } from "./otlp-request.ts";

/** An answer as it came. */
export interface ChaosAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly retryAfter: string | null;
  readonly body: Buffer;
}

/** What an answer says: how many records were refused, or the Status of a failure. */
export interface ReadAnswer {
  readonly rejected: number;
  readonly code: number;
  readonly message: string;
}

/** Longest message of an answer: a hostile request must not be paid back in kind. */
const MAX_MESSAGE = 8_192;
const INVALID_ARGUMENT = 3;

/** What is wrong with an answer, or null. Source: OTLP 1.11, "OTLP/HTTP Response". */
export function checkAnswer(request: ChaosRequest, answer: ChaosAnswer): string | null {
  const { status, contentType } = answer;
  if (request.expected !== null && status !== request.expected) return `${status} where ${request.expected} is right`;
  if (![200, 400, 413, 415].includes(status)) return `${status}: ${answer.body.toString("utf8").slice(0, 200)}`;
  const type = request.encoding === "json" ? "application/json" : "application/x-protobuf";
  if (contentType !== type) return `an answer of ${contentType} to a request of ${type}`;
  let said: ReadAnswer;
  try {
    said = readAnswer(answer, request.encoding);
  } catch (error) {
    return `an answer that cannot be read: ${(error as Error).message}`;
  }
  if (said.message.length > MAX_MESSAGE) return `a message of ${said.message.length} characters`;
  if (status === 400 && (said.code !== INVALID_ARGUMENT || said.message === "")) return `a 400 with code ${said.code}`;
  if (status !== 200) return null;
  if (said.rejected > 0 && said.message === "") return "records refused without a word";
  if (request.rejected !== null && said.rejected !== request.rejected) {
    return `${said.rejected} refused where ${request.rejected} is right: ${said.message}`;
  }
  return null;
}

/** Reads an Export*ServiceResponse or a Status, apart from the encoder that made it. */
export function readAnswer({ status, body }: ChaosAnswer, encoding: "json" | "protobuf"): ReadAnswer {
  if (encoding === "json") {
    const value = JSON.parse(body.toString("utf8")) as Record<string, unknown>;
    if (status !== 200) return { rejected: 0, code: Number(value["code"]), message: String(value["message"]) };
    const partial = (value["partialSuccess"] ?? {}) as Record<string, unknown>;
    const [, count = "0"] = Object.entries(partial).find(([key]) => key.startsWith("rejected")) ?? [];
    return { rejected: Number(count), code: 0, message: String(partial["errorMessage"] ?? "") };
  }
  if (status !== 200) {
    const { 1: code = 0, 2: message = "" } = readFields(body);
    return { rejected: 0, code: Number(code), message: String(message) };
  }
  const reader = new BinaryReader(body);
  if (body.length === 0) return { rejected: 0, code: 0, message: "" };
  reader.tag();
  const { 1: rejected = 0, 2: message = "" } = readFields(reader.bytes());
  return { rejected: Number(rejected), code: 0, message: String(message) };
}

function readFields(bytes: Uint8Array): Record<number, string | bigint | number> {
  const reader = new BinaryReader(bytes);
  const fields: Record<number, string | bigint | number> = {};
  while (reader.pos < reader.len) {
    const [number, type] = reader.tag();
    fields[number] = type === 2 ? reader.string() : reader.int64().toString();
  }
  return fields;
}
