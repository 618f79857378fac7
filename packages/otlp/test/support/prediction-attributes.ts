import type { AnyValueMap } from "@opentelemetry/api-logs";

/** Attributes of a whole and valid prediction event. */
export function predictionAttributes(changes: AnyValueMap = {}): AnyValueMap {
  return {
    "ml.model.name": "flight-delay",
    "ml.model.version": "3",
    "ml.inference.id": "01935c1e-7a4b-7000-8000-00000000002a",
    "ml.sampling.probability": 0.25,
    "ml.prediction.label": "late",
    "ml.prediction.score": 0.81,
    ...changes,
  };
}

/** Attributes of a whole and valid outcome event. */
export function outcomeAttributes(changes: AnyValueMap = {}): AnyValueMap {
  return {
    "ml.model.name": "flight-delay",
    "ml.inference.id": "01935c1e-7a4b-7000-8000-00000000002a",
    "ml.outcome.kind": "class",
    "ml.outcome.label": "late",
    ...changes,
  };
}
