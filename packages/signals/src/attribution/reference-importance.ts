import type { Profile } from "@tidemark/schema";

/** Share of each feature in the reference's importance, by falling share, ties by name; empty where the profile has none. */
export function referenceImportance({ importances = {} }: Profile): [name: string, share: number][] {
  const entries = Object.entries(importances);
  const total = entries.reduce((sum, [, value]) => sum + value, 0);
  if (!(total > 0)) return [];
  return entries
    .map(([name, value]): [string, number] => [name, value / total])
    .sort(([a, first], [b, second]) => second - first || (a < b ? -1 : 1));
}

/** Features whose reference importance is above the average of all, the most important first. */
export function importantFeatures(profile: Profile): string[] {
  const shares = referenceImportance(profile);
  return shares.filter(([, share]) => share > 1 / shares.length).map(([name]) => name);
}
