import { gzipSync } from "node:zlib";
import type { OtlpEncoding, OtlpSignal } from "@tidemark/otlp";
import { createSeededRandom, type SeededRandom } from "../../bench/detection/seeded-random.ts";
import { type OtlpJson, otlpJsonToProtobuf } from "../../packages/otlp/test/support/otlp-json-to-protobuf.ts";
import { spoilOne } from "./bad-records.ts";
import { baseRequest } from "./base-requests.ts";
import { mutateBytes, mutateProtobuf } from "./mutate-bytes.ts";
import { mutateTree } from "./mutate-tree.ts";
import type { ChaosRequest } from "./otlp-request.ts";
import { wireVerdict } from "./wire-verdict.ts";

const SIGNALS: readonly OtlpSignal[] = ["logs", "metrics", "traces"];

/** The request of a run: the same for the same seed and time, whatever ran before. */
export function makeRequest(seed: string, nowMs: number): ChaosRequest {
  const random = createSeededRandom(seed);
  const signal = SIGNALS[Math.floor(random.uniform() * SIGNALS.length)]!;
  const encoding: OtlpEncoding = random.uniform() < 0.5 ? "json" : "protobuf";
  const tree = baseRequest(signal, nowMs, `chaos-${seed}`);
  const made = mutate(signal, encoding, tree, random);
  return random.uniform() < 0.1 ? compress(made, random) : made;
}

function mutate(signal: OtlpSignal, encoding: OtlpEncoding, tree: OtlpJson, random: SeededRandom): ChaosRequest {
  const kind = random.uniform();
  const whole = { signal, encoding, gzip: false } as const;
  if (kind < 0.1) {
    const harmless = addUnknown(tree, random);
    return { ...whole, bytes: toBytes(signal, encoding, harmless), mutation: "harmless", expected: 200, rejected: 0 };
  }
  if (kind < 0.3) {
    const mutation = spoilOne(signal, tree, random);
    return { ...whole, bytes: toBytes(signal, encoding, tree), mutation, expected: 200, rejected: 1 };
  }
  const { bytes, mutation } =
    encoding === "json" ? mutateJson(tree, random) : mutateProtobuf(toBytes(signal, "protobuf", tree), random);
  const expected = encoding === "json" ? jsonVerdict(bytes) : wireVerdict(signal, bytes);
  return { ...whole, bytes, mutation, expected, rejected: null };
}

function mutateJson(tree: OtlpJson, random: SeededRandom): { bytes: Uint8Array; mutation: string } {
  if (random.uniform() < 0.2) return mutateBytes(toBytes("logs", "json", tree), random);
  const changed = structuredClone(tree) as Record<string, unknown>;
  const mutation = mutateTree(changed, random);
  return { bytes: toBytes("logs", "json", changed), mutation };
}

/** A body that is no JSON object in UTF-8 is 400; of others what is inside decides. */
function jsonVerdict(bytes: Uint8Array): 400 | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? null : 400;
  } catch {
    return 400;
  }
}

/** Fields that nobody knows, anywhere: a receiver must pass over them. */
function addUnknown(tree: OtlpJson, random: SeededRandom): OtlpJson {
  const text = JSON.stringify(tree, (_key, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value) && random.uniform() < 0.2
      ? { ...value, tidelineField: { a: [1, "x", null] } }
      : value,
  );
  return JSON.parse(text) as OtlpJson;
}

/** NaN and infinities travel as text in OTLP/JSON. */
function toBytes(signal: OtlpSignal, encoding: OtlpEncoding, tree: OtlpJson): Uint8Array {
  if (encoding === "protobuf") return otlpJsonToProtobuf(signal, tree);
  return Buffer.from(
    JSON.stringify(tree, (_key, value: unknown) =>
      typeof value === "number" && !Number.isFinite(value) ? String(value) : value,
    ),
  );
}

function compress(request: ChaosRequest, random: SeededRandom): ChaosRequest {
  const bytes = gzipSync(request.bytes, { level: 1 });
  if (random.uniform() < 0.8) return { ...request, gzip: true, bytes };
  const mutation = `${request.mutation}, gzip cut off`;
  return {
    ...request,
    gzip: true,
    bytes: bytes.subarray(0, bytes.length - 9),
    mutation,
    expected: 400,
    rejected: null,
  };
}
