/*
 * The parts of a profile file that are used here. Declared instead of imported, so that no schema library is installed
 * into the monitored service; the full type is `Profile` of @tidemark/schema, which is assignable to this one.
 */

export interface NumericFieldJson {
  readonly kind: "numeric";
  readonly target: "feature" | "prediction" | "outcome";
  readonly name: string;
  /** Ascending and distinct; a value on a boundary belongs to the bin below. */
  readonly boundaries: readonly number[];
  /** Values outside are counted as out_of_range. */
  readonly range: { readonly min: number | null; readonly max: number | null };
}

export interface CategoricalFieldJson {
  readonly kind: "categorical";
  readonly target: "feature" | "prediction" | "outcome";
  readonly name: string;
  readonly categories: readonly string[];
  /** Known categories that are counted in the rest. */
  readonly otherCategories: readonly string[];
}

export type ProfileFieldJson = NumericFieldJson | CategoricalFieldJson;

/** A parsed profile file, as `tidemark profile` writes it. */
export interface ProfileJson {
  readonly id: string;
  readonly model: { readonly name: string };
  readonly fields: readonly ProfileFieldJson[];
  /** Vector features and how many elements each has. */
  readonly embeddings?: readonly { readonly name: string; readonly dimension: number }[] | undefined;
}
