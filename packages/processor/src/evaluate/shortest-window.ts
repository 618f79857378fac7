import { parseDuration } from "@tidemark/schema";

/** The shortest of a model's windows: what is gathered over time, pairs and evidence, is gathered by it. */
export function shortestWindow(names: readonly string[]): string {
  return names.reduce((least, name) => (parseDuration(name) < parseDuration(least) ? name : least));
}
