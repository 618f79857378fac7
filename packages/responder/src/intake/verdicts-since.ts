import type { Measurement } from "@tidemark/schema";
import type { EngineParts, VersionVerdict } from "../engine/engine-parts.ts";
import type { Processor } from "./ask-processor.ts";

/** Asks what has been judged since a time, from windows that lie wholly after it. */
export function verdictsSince(read: Processor["measurements"]): EngineParts["verdictsSince"] {
  return async ({ model, signal, target }, sinceMs) => {
    const found = await read({ model, signal, target, from: new Date(sinceMs).toISOString() });
    return [...Map.groupBy(found.filter(isVerdict), ({ version }) => version)].map(newestOf);
  };
}

/** Silence and too little data say nothing of whether something is well. */
function isVerdict({ state }: Measurement): boolean {
  return state !== null && state !== "no_data" && state !== "insufficient_data";
}

/** The worst of a version's newest window. */
function newestOf([version, own]: readonly [string, readonly Measurement[]]): VersionVerdict {
  const end = own
    .map(({ window }) => window.end)
    .toSorted()
    .at(-1);
  const states = own.filter(({ window }) => window.end === end).map(({ state }) => state);
  return { version, state: BAD_FIRST.find((state) => states.includes(state)) ?? "ok" };
}

const BAD_FIRST = ["critical", "warning"] as const;
