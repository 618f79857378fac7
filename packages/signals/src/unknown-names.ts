import type { ModelConfig, Profile } from "@tidemark/schema";
import { nearestName } from "@tidemark/semconv";
import { MULTIVARIATE } from "./multivariate/multivariate-drift.ts";
import { SCORES } from "./performance/score-table.ts";
import { scoredTask } from "./performance/scored-task.ts";
import { ROWS } from "./quality/judge-duplicates.ts";

/** A name in a model's configuration that names nothing there is. */
export interface UnknownName {
  /** Where, from the model on: `quality.pattern.airprot`. */
  readonly path: string;
  readonly message: string;
  /** Whether it can only be a slip: a name close to it exists, and nothing else can bear it. */
  readonly isSlip: boolean;
}

/** The names that a place of the configuration may hold. */
interface Known {
  readonly names: readonly string[];
  readonly what: string;
  /** False where records may declare names that the profile does not know: then only one close to a known one is told. */
  readonly isWhole: boolean;
}

/**
 * Names of a model's configuration that its profile does not know, and charts of windows that are not judged: what they ask for would be
 * left undone without a word.
 */
export function unknownNames(config: ModelConfig, profile: Profile): UnknownName[] {
  const { drift, quality, performance, segments, charts } = config;
  const fields = profile.fields.filter(({ target }) => target === "feature");
  const scores = Object.values(SCORES);
  const names = [...fields, ...(profile.embeddings ?? [])].map(({ name }) => name);
  const features = { names, what: "feature of the profile", isWhole: true };
  // What rules about all features together are allowed under.
  const allowed = { ...features, names: [...names, MULTIVARIATE.name, ROWS.name] };
  const texts = {
    names: fields.flatMap(({ kind, name }) => (kind === "categorical" ? [name] : [])),
    what: "categorical feature of the profile",
    isWhole: true,
  };
  const judged = {
    names: scores.flatMap(({ name, better }) => (better === null ? [] : [name])),
    what: "score that is held against a line",
    isWhole: true,
  };
  const targets = {
    names: [...names, ...[...profile.fields, ...scores].map(({ name }) => name)],
    what: "feature or score that is known",
    isWhole: false,
  };
  return [
    ...drift.ignore.flatMap((name, at) => check(`drift.ignore[${at}]`, name, features)),
    ...Object.keys(quality.pattern ?? {}).flatMap((name) => check(`quality.pattern.${name}`, name, texts)),
    ...Object.keys(quality.allowed).flatMap((name) => check(`quality.allowed.${name}`, name, allowed)),
    ...Object.keys(performance.levels).flatMap((name) => check(`performance.levels.${name}`, name, judged)),
    ...unknownClasses(config, profile),
    ...segments.flatMap((name, at) => check(`segments[${at}]`, name, { ...features, isWhole: false })),
    ...charts.flatMap(({ target }, at) => (target === undefined ? [] : check(`charts[${at}].target`, target, targets))),
    ...unjudgedCharts(config),
  ];
}

function check(path: string, name: string, { names, what, isWhole }: Known): UnknownName[] {
  if (names.includes(name)) return [];
  const nearest = nearestName(name, names);
  if (nearest === null && !isWhole) return [];
  const hint = nearest === null ? "" : `; did you mean "${nearest}"?`;
  return [{ path, message: `"${name}" is no ${what}${hint}`, isSlip: isWhole && nearest !== null }];
}

/** Classes that have a worth and never come. */
function unknownClasses({ performance }: ModelConfig, profile: Profile): UnknownName[] {
  const { classes } = scoredTask(profile);
  if (classes === null) return [];
  const known = { names: [...classes], what: "class of the profile's outcome", isWhole: true };
  return Object.entries(performance.value ?? {}).flatMap(([predicted, byTruth]) => [
    ...check(`performance.value.${predicted}`, predicted, known),
    ...Object.keys(byTruth).flatMap((name) => check(`performance.value.${predicted}.${name}`, name, known)),
  ]);
}

function unjudgedCharts({ charts, windows }: ModelConfig): UnknownName[] {
  return charts.flatMap(({ window }, at) =>
    window === undefined || windows.includes(window)
      ? []
      : [
          {
            path: `charts[${at}].window`,
            message: `"${window}" is no window that is judged, which are ${windows.join(", ")}`,
            isSlip: true,
          },
        ],
  );
}
