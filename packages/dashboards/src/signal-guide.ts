import type { SignalName } from "@tidemark/schema";

/** What a person asks of a signal and does about it; panels, alerts and runbooks take their words from here. */
export interface SignalGuide {
  readonly signal: SignalName;
  /** Title of its dashboard row. */
  readonly title: string;
  readonly question: string;
  /** What to look at and to do, in order. */
  readonly steps: readonly string[];
}

export const signalGuides: readonly SignalGuide[] = [
  {
    signal: "drift",
    title: "Drift",
    question: "Does the model still see the data it was trained on?",
    steps: [
      "Read the first cause in the report or under `/v1/incidents`: a change of unit or a stuck value is a fault upstream, not a new world.",
      "Compare the shares of the worst feature with the reference: did it move, spread, or gain one spike?",
      "Look at performance. Drift without a loss of performance is watched; drift with one is a reason to retrain.",
      "If the new distribution is here to stay, make a new profile with `tidemark profile` and put it into the configuration.",
    ],
  },
  {
    signal: "attribution",
    title: "Attribution",
    question: "Do the same features still move the predictions?",
    steps: [
      "See which feature gained or lost its share of the attributions, in the report or under `/v1/measurements?signal=attribution`.",
      "If an important feature is missing, that comes first: ask the owner of its feed.",
      "If the shares moved while the inputs did not, ask whether the model or its explainer was changed.",
    ],
  },
  {
    signal: "data_quality",
    title: "Data quality",
    question: "Do the values arrive whole, and as many as usual?",
    steps: [
      "Find the feature and the rule (missing, wrong type, out of range, unseen category, not finite, stuck, other number of distinct values) that broke.",
      "Ask the owner of the feed what changed at the window's start; a deployment there is the usual reason.",
      "If the volume fell, check that requests reach the service and that its OTLP exporter and the Collector's queue are well.",
      "If such values are now expected, say so in `quality.allowed`.",
    ],
  },
  {
    signal: "performance",
    title: "Performance",
    question: "Is the model as good as on its reference, once outcomes are known?",
    steps: [
      "Check the outcome coverage first: a verdict waits for `performance.minimumCoverage`, a described value does not.",
      "If the target names a segment (`harmful_shift airport=ATL`), that group alone is proved to be worse: look at its inputs and at what changed for it.",
      "With drifting features, follow the first cause; without any, the relation of outcome to features has changed (concept drift).",
      "Compare with the earlier version if it still runs as shadow or challenger; roll back if it is better.",
      "Retrain on data from after the change, and make a new profile with the new version.",
    ],
  },
  {
    signal: "estimation",
    title: "Estimated performance",
    question: "How good is the model probably, before outcomes are known?",
    steps: [
      "Read how far the estimate is trusted: the evidence says how many of its last intervals held what came true.",
      "It assumes that the relation of outcome to features has not changed. If that is in doubt, get outcomes of a sample sooner.",
      "Follow the first cause of the window: an estimate falls with a shift of the inputs or the scores.",
      "Wait for the outcomes, or act if the whole interval is beyond the critical line and the estimate is trusted.",
    ],
  },
  {
    signal: "service",
    title: "Service",
    question: "Does the service answer, fast enough and without errors?",
    steps: [
      "Open a trace of a slow or failed prediction in the trace backend (attribute `ml.model.name`).",
      "See which `error.type` makes up the failures, in the measurement's evidence.",
      "Compare CPU and memory with the window before; scale out, or roll the service back.",
    ],
  },
];
