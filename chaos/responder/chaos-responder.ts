import type { ChaosResult, ChaosSize } from "../chaos-result.ts";
import { brokenPromises } from "./broken-promises.ts";
import { simulateRun } from "./simulate-run.ts";

/** Runs the responder through seeded faults; every run starts from nothing and can be repeated by its seed alone. */
export async function chaosResponder({ runs, seed, onRun }: ChaosSize): Promise<ChaosResult> {
  const counts: Record<string, number> = { crashes: 0, "requests that reached a target": 0, actions: 0 };
  const broken: string[] = [];
  const add = (name: string, count: number) => {
    counts[name] = (counts[name] ?? 0) + count;
  };
  for (let run = 0; run < runs; run++) {
    const trace = await simulateRun(`${seed}/${run}`);
    add("crashes", trace.crashes);
    add("requests that reached a target", trace.target.reached.length);
    add("actions", trace.actions.length);
    for (const { status } of trace.actions) add(`ended as ${status}`, 1);
    broken.push(...brokenPromises(trace).map((line) => `run ${run}: ${line}`));
    onRun(run + 1);
  }
  return { name: "responder", runs, seed, counts, broken };
}
