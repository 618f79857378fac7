import { regressionScores } from "@tidemark/stats";
import { free, limitedTo, type TablePlan } from "./table-plan.ts";

export const realizedRegression: TablePlan = {
  fit: () => (chunk) => {
    const groups = chunk["y_pred"]!.map((value, i) => ({
      predicted: Number(value),
      actual: Number(chunk["y_true"]![i]),
      weight: 1,
    }));
    const found = regressionScores(groups);
    const squaredLogs = groups.map(({ predicted, actual }) => (Math.log1p(predicted) - Math.log1p(actual)) ** 2);
    const msle = squaredLogs.reduce((sum, value) => sum + value, 0) / groups.length;
    const { rmse, mae, mape } = found;
    return {
      rmse: rmse.value!,
      rmsle: Math.sqrt(msle),
      mae: mae.value!,
      mse: rmse.value! ** 2,
      mape: mape.value!,
      msle,
    };
  },
  lines: () => ({ lower: limitedTo(0), upper: free }),
};
