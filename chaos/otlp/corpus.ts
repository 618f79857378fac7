import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { OtlpEncoding, OtlpSignal } from "@tidemark/otlp";
import { type ChaosAnswer, readAnswer } from "./check-answer.ts";
import type { ChaosRequest } from "./otlp-request.ts";

/** A request whose answer was of a kind not seen before; `test/chaos/otlp-corpus.test.ts` asks again. */
export interface CorpusEntry {
  readonly signal: OtlpSignal;
  readonly encoding: OtlpEncoding;
  readonly mutation: string;
  readonly status: number;
  /** Reasons of refused records, or the kind of the failure. */
  readonly answer: string;
  readonly base64: string;
}

const FILE = path.join(import.meta.dirname, "corpus.jsonl");
const MAX_BYTES = 2_000;
/** A run as small as CI's finds nothing that is worth a change of the file. */
const MIN_RUNS_TO_SAVE = 1_000_000;

/** The requests that were kept by earlier runs. */
export function readCorpus(): CorpusEntry[] {
  const text = existsSync(FILE) ? readFileSync(FILE, "utf8") : "";
  return text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as CorpusEntry]));
}

/** Keeps the smallest request of each kind of answer, beside what is in the file already. */
export function createCorpus() {
  const byKind = new Map(readCorpus().map((entry) => [kindOf(entry), entry]));
  return {
    see(request: ChaosRequest, answer: ChaosAnswer): void {
      if (request.gzip || request.bytes.length > MAX_BYTES) return;
      const { signal, encoding, mutation } = request;
      const { message } = readAnswer(answer, encoding);
      const entry = { signal, encoding, mutation, status: answer.status, answer: shapeOf(message, answer.status) };
      const known = byKind.get(kindOf(entry));
      const base64 = Buffer.from(request.bytes).toString("base64");
      if (known === undefined || base64.length < known.base64.length) byKind.set(kindOf(entry), { ...entry, base64 });
    },
    entries: (): CorpusEntry[] => [...byKind.values()],
    save(runs: number): void {
      if (runs < MIN_RUNS_TO_SAVE) return;
      const entries = [...byKind.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
      writeFileSync(FILE, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(""));
    },
  };
}

function kindOf({ signal, encoding, status, answer }: Omit<CorpusEntry, "base64" | "mutation">): string {
  return JSON.stringify([signal, encoding, status, answer]);
}

/** A message without what differs from request to request: reasons of a partial success, the words of a failure. */
export function shapeOf(message: string, status: number): string {
  if (status === 200) return [...message.matchAll(/(?:^|; )\d+ ([a-z_]+): /g)].map((match) => match[1]).join(" ");
  const words = message.replace(/^not an OTLP \w+ message: /, "").replace(/".*"|\d+|[^\w ]/g, "");
  return words.replace(/\s+/g, " ").trim().slice(0, 24);
}
