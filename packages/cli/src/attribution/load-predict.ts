import path from "node:path";
import { pathToFileURL } from "node:url";
import { TidemarkError } from "@tidemark/semconv";
import type { Predict } from "./permutation-importance.ts";

/** A model to ask: the default export of an ES module, or a URL that answers `{"rows": [...]}` with `{"predictions": [...]}`. */
export async function loadPredict(place: string): Promise<Predict> {
  if (/^https?:\/\//.test(place)) return (rows) => ask(place, rows);
  const loaded = (await import(pathToFileURL(path.resolve(place)).href).catch((cause: unknown) => {
    throw new TidemarkError("usage", `${place} cannot be loaded`, { cause });
  })) as { default?: unknown };
  if (typeof loaded.default === "function") return loaded.default as Predict;
  throw new TidemarkError("usage", `${place} has no function as its default export`, {
    fix: "Write export default (rows) => rows.map((row) => ...): one number a row.",
  });
}

async function ask(url: string, rows: Parameters<Predict>[0]): Promise<readonly number[]> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify({ rows }) });
  if (!response.ok) throw new TidemarkError("usage", `${url} answered ${response.status}: ${await response.text()}`);
  return ((await response.json()) as { predictions: readonly number[] }).predictions;
}
