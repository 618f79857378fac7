import type { CallContent, ModelRef } from "../auto/library.ts";
import type { Tensor } from "../auto/tensor.ts";

/** Path of an inference: KServe's V2 protocol, section "Inference", below any prefix. */
const INFER_PATH = /\/v2\/models\/([^/?#]+)(?:\/versions\/([^/?#]+))?\/infer(?=$|[?#])/;

/** The parts of a request or a response of the protocol that are used. */
interface InferMessage {
  readonly id?: unknown;
  readonly model_version?: unknown;
  readonly inputs?: unknown;
  readonly outputs?: unknown;
}

interface InferTensor {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  readonly data?: unknown;
}

/** Which model a URL or path asks; null where it is no inference. */
export function inferredModel(method: string | undefined, url: string): ModelRef | null {
  if (!url.includes("/infer") || method?.toUpperCase() !== "POST") return null;
  const match = INFER_PATH.exec(url);
  if (match === null) return null;
  const [, name = "", version] = match.map((part) => (part === undefined ? part : decode(part)));
  return { library: "open_inference", name, version: version ?? null };
}

/** What the bodies of a request and its response say; null: the body is not known. */
export function readInference(request: string | null, response: string | null): CallContent {
  const question = messageOf(request);
  const answer = messageOf(response);
  return {
    inputs: toTensors(question?.inputs),
    outputs: toTensors(answer?.outputs),
    ...(isText(answer?.model_version) && { version: answer.model_version }),
    ...(isText(question?.id) && { id: question.id }),
  };
}

function isText<T>(value: T): value is T & string {
  return typeof value === "string" && value !== "";
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function messageOf(body: string | null): InferMessage | null {
  return body === null ? null : (JSON.parse(body) as InferMessage);
}

function toTensors(tensors: unknown): Tensor[] {
  if (!Array.isArray(tensors)) return [];
  return (tensors as readonly InferTensor[]).map(({ name, datatype, shape, data }) => {
    // Without data the values follow the JSON in binary; the shape still says how many rows there are.
    const kind = Array.isArray(data) ? kindOf(datatype) : "other";
    return { name: String(name), kind, dims: shape.map(Number), data: Array.isArray(data) ? data.flat(Infinity) : [] };
  });
}

function kindOf(datatype: string): Tensor["kind"] {
  if (/^FP\d+$/.test(datatype) || datatype === "BF16") return "number";
  if (/^U?INT\d+$/.test(datatype)) return "integer";
  if (datatype === "BOOL") return "boolean";
  return datatype === "BYTES" ? "text" : "other";
}
