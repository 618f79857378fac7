import { type EventDefinition, names } from "./definition.ts";

/** Every event (log record with an event name) that Tidemark reads or writes. */
export const events = {
  inferenceDetails: {
    name: "ml.inference.details",
    severity: "INFO",
    meaning: "One prediction: id, model, score, label, inclusion probability, inputs as allowed.",
  },
  outcomeReported: {
    name: "ml.outcome.reported",
    severity: "INFO",
    meaning: "One outcome; its timestamp is when it happened.",
  },
  changeExplained: {
    name: "ml.change.explained",
    severity: "WARN",
    meaning: "Why a window turned critical: the first cause as attributes, the whole explanation as JSON in the body.",
  },
  attributionEvaluated: {
    name: "ml.attribution.evaluated",
    severity: "INFO",
    meaning:
      "What a window's attributions came to: the verdict as attributes, shares by feature with intervals as JSON in the body. WARN where it warns, ERROR where it is critical.",
  },
  ensembleReweighted: {
    name: "ml.ensemble.weights_proposed",
    severity: "INFO",
    meaning: "Refitted weights of an ensemble are proved better than those in use: the proposal as JSON in the body.",
  },
} as const satisfies Record<string, EventDefinition>;

/** The bare names: `event.inferenceDetails === "ml.inference.details"`. */
export const event = names(events);
