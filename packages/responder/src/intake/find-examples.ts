import type { Explanation, Incident } from "@tidemark/schema";
import type { Case } from "../state/cases.ts";
import type { Processor } from "./ask-processor.ts";

/** A prediction that shows what is wrong, and its trace. */
export type Example = Explanation["examples"][number];

/** Finds predictions that show the incident of a case; none where the processor knows none, or cannot be asked. */
export type FindExamples = (found: Case, incident: Incident, signal: AbortSignal) => Promise<readonly Example[]>;

const MOST = 5;
/** An explanation takes its time, and not every model has one. */
const ASK_AGAIN_MS = 60_000;

/** Examples from the explanations of the incident's windows. What a case has already is not asked for again. */
export function createFindExamples(read: Processor["explanations"], now: () => number): FindExamples {
  const askedMs = new Map<string, number>();
  return async ({ incident: known, evidence, model, version }, { id, state, windows }, signal) => {
    const own = known === id ? ((evidence["examples"] as readonly Example[] | undefined) ?? []) : [];
    const lastMs = askedMs.get(id);
    const isRecent = lastMs !== undefined && Math.abs(now() - lastMs) < ASK_AGAIN_MS;
    if (own.length > 0 || state !== "critical" || isRecent) return own;
    // Only those of the last while: incidents come and go.
    for (const [other, ms] of askedMs) if (Math.abs(now() - ms) >= ASK_AGAIN_MS) askedMs.delete(other);
    askedMs.set(id, now());
    const explanations = await read({ model, version }, signal).catch(() => []);
    const isOwn = ({ window }: Explanation) =>
      windows.some((one) => one.window.name === window.name && one.window.start === window.start);
    return explanations
      .filter(isOwn)
      .flatMap(({ examples }) => examples)
      .slice(0, MOST);
  };
}
