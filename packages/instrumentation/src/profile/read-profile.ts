import type { CategoricalFieldJson, NumericFieldJson, ProfileFieldJson, ProfileJson } from "./profile-json.ts";

/** The usable fields of a profile by `target/name`, and what was wrong with the rest. */
export interface ReadableProfile {
  readonly fields: ReadonlyMap<string, ProfileFieldJson>;
  /** Elements of its vector features, by name. */
  readonly dimensions: ReadonlyMap<string, number>;
  readonly problems: readonly string[];
}

const MAX_BOUNDARIES = 1_000;

/**
 * Takes from a profile whatever can be counted on. A damaged field is left out and named in `problems`; a profile of
 * another model is left out whole: the service starts and serves in any case.
 */
export function readProfile(profile: ProfileJson | undefined, modelName: string): ReadableProfile {
  const fields = new Map<string, ProfileFieldJson>();
  const dimensions = new Map<string, number>();
  if (profile === undefined || profile === null) return { fields, dimensions, problems: [] };
  if (profile.model?.name !== modelName) {
    return {
      fields,
      dimensions,
      problems: [`the profile is of model ${String(profile.model?.name)}, not of ${modelName}`],
    };
  }
  if (!Array.isArray(profile.fields)) return { fields, dimensions, problems: ["the profile has no list of fields"] };
  const problems: string[] = [];
  for (const field of profile.fields as readonly ProfileFieldJson[]) {
    const problem = problemOf(field);
    if (problem === null) fields.set(`${field.target}/${field.name}`, field);
    else problems.push(`field ${String(field?.name)} of the profile ${problem}`);
  }
  for (const { name, dimension } of listOf(profile.embeddings)) {
    if (typeof name === "string" && Number.isInteger(dimension)) dimensions.set(name, dimension);
    else problems.push("a vector feature of the profile lacks its name or dimension");
  }
  return { fields, dimensions, problems };
}

function listOf(embeddings: ProfileJson["embeddings"]): NonNullable<ProfileJson["embeddings"]> {
  return Array.isArray(embeddings) ? embeddings.filter((each) => typeof each === "object" && each !== null) : [];
}

function problemOf(field: ProfileFieldJson): string | null {
  if (typeof field?.name !== "string") return "has no name";
  if (field.kind === "numeric") return problemOfNumeric(field);
  if (field.kind === "categorical") return problemOfCategorical(field);
  return `is of the unknown kind ${String((field as { kind: unknown }).kind)}`;
}

function problemOfNumeric({ boundaries, range }: NumericFieldJson): string | null {
  if (!Array.isArray(boundaries) || boundaries.length === 0 || boundaries.length > MAX_BOUNDARIES) {
    return `needs 1 to ${MAX_BOUNDARIES} boundaries`;
  }
  for (let index = 0; index < boundaries.length; index++) {
    if (!Number.isFinite(boundaries[index])) return `has a boundary that is not a finite number at index ${index}`;
    if (index > 0 && boundaries[index]! <= boundaries[index - 1]!) return `has boundaries that fall at index ${index}`;
  }
  const isBound = (bound: unknown) => bound === null || typeof bound === "number";
  return isBound(range?.min) && isBound(range?.max) ? null : "needs a range of { min, max }, each a number or null";
}

function problemOfCategorical({ categories, otherCategories }: CategoricalFieldJson): string | null {
  const isList = (list: unknown) => Array.isArray(list) && list.every((entry) => typeof entry === "string");
  if (!isList(categories) || !isList(otherCategories)) return "needs categories and otherCategories, lists of text";
  return new Set(categories).size === categories.length ? null : "lists a category twice";
}
