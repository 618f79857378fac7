import type { TimedCall } from "./model-aggregate.ts";
import type { Reading } from "./reading.ts";

/** Is told of everything that is counted of one model, as it is counted. */
export interface CountListener {
  /** @param reading of the prediction; written anew for the next one */
  onPrediction(reading: Reading): void;
  onCall(size: number, call: TimedCall): void;
}
