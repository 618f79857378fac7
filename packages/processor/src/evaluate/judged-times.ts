import type { MonitoredModels } from "../pipeline/monitored-models.ts";
import type { Evaluation } from "./start-evaluation.ts";

/**
 * Event times up to which the configured models are judged, Unix milliseconds: of one whose records are all judged its
 * watermark, else the end of its newest judged window; the beginning of time where none is judged yet.
 */
export function judgedTimes(
  models: MonitoredModels,
  { evaluator, log }: Pick<Evaluation, "evaluator" | "log">,
): number[] {
  return evaluator.progress().flatMap(({ tenant, model, newestMs, watermarkMs }) => {
    if (models.find(tenant, model) === undefined) return [];
    const endMs = log.newestEndMs(tenant, model) ?? Number.NEGATIVE_INFINITY;
    return [endMs > newestMs ? watermarkMs : endMs];
  });
}
