import { fitPcaReconstruction, reconstructionErrors } from "@tidemark/stats";
import type { Table } from "../nannyml-data.ts";
import { free, type TablePlan } from "./table-plan.ts";

/** Categories by their share of the reference, then principal components on standardized features. */
export const reconstruction: TablePlan = {
  fit({ reference }, { settings }) {
    const names = RECONSTRUCTED[String(settings["dataset"])]!;
    const encoders = names.map((name) => encoderOf(reference[name]!));
    const encode = (chunk: Table) =>
      chunk[names[0]!]!.map((_, i) => names.map((name, j) => encoders[j]!(chunk[name]![i]!)));
    const model = fitPcaReconstruction(encode(reference));
    return (chunk) => {
      const errors = reconstructionErrors(model, encode(chunk));
      return { reconstruction_error: errors.reduce((sum, error) => sum + error, 0) / errors.length };
    };
  },
  lines: () => ({ lower: { limit: 0, drawn: false }, upper: free }),
  alertsOnLine: true,
  tolerance: 1e-6,
};

const NUMERIC_LOAN = ["car_value", "debt_to_income_ratio", "loan_length", "driver_tenure"];
const RECONSTRUCTED: Readonly<Record<string, readonly string[]>> = {
  synthetic_car_loan: [
    "car_value",
    "salary_range",
    "debt_to_income_ratio",
    "loan_length",
    "repaid_loan_on_prev_car",
    "size_of_downpayment",
    "driver_tenure",
  ],
  modified_california_housing: [
    "MedInc",
    "HouseAge",
    "AveRooms",
    "AveBedrms",
    "Population",
    "AveOccup",
    "Latitude",
    "Longitude",
  ],
};

function encoderOf(reference: readonly unknown[]): (value: unknown) => number {
  if (typeof reference[0] === "number") return Number;
  const shares = new Map<unknown, number>();
  for (const value of reference) shares.set(value, (shares.get(value) ?? 0) + 1 / reference.length);
  return (value) => shares.get(value) ?? 0;
}

export const numericOnly: TablePlan = {
  ...reconstruction,
  fit(data) {
    const encode = (chunk: Table) =>
      chunk[NUMERIC_LOAN[0]!]!.map((_, i) => NUMERIC_LOAN.map((name) => Number(chunk[name]![i])));
    const model = fitPcaReconstruction(encode(data.reference));
    return (chunk) => {
      const errors = reconstructionErrors(model, encode(chunk));
      return { reconstruction_error: errors.reduce((sum, error) => sum + error, 0) / errors.length };
    };
  },
};
