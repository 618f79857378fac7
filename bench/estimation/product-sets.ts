import type { DataSet, Rows } from "./data-sets.ts";
import type { ProductRows, ProductSet } from "./product-run.ts";
import type { ValueRows, ValueSet } from "./value-sets.ts";

/** A classifier's set as files for `tidemark profile` and `tidemark replay`. */
export function classProductSet({ name, classes, reference, windows }: DataSet): ProductSet {
  const label = (index: number) => (classes.length > 0 ? classes[index]! : index === 1 ? "yes" : "no");
  const rowsOf = ({ features, scores, predicted, outcomes }: Rows): ProductRows => ({
    count: outcomes.length,
    columns: {
      score: Array.from(predicted, (index, i) => scores[classes.length > 0 ? index : 0]![i]!),
      label: Array.from(predicted, label),
      outcome_label: Array.from(outcomes, label),
    },
    features,
  });
  const positiveLabel = classes.length > 0 ? null : "yes";
  return { name, type: "classification", positiveLabel, reference: rowsOf(reference), windows: windows.map(rowsOf) };
}

/** The same of a model that predicts quantities. */
export function valueProductSet({ name, reference, windows }: ValueSet): ProductSet {
  const rowsOf = ({ features, predictions, outcomes }: ValueRows): ProductRows => ({
    count: outcomes.length,
    columns: { value: predictions, outcome_value: outcomes },
    features,
  });
  return { name, type: "regression", positiveLabel: null, reference: rowsOf(reference), windows: windows.map(rowsOf) };
}
