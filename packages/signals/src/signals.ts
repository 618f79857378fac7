import { attributionSignal } from "./attribution/attribution-signal.ts";
import { driftSignal } from "./drift/drift-signal.ts";
import { performanceSignal } from "./performance/performance-signal.ts";
import { dataQualitySignal } from "./quality/data-quality-signal.ts";
import { serviceSignal } from "./service/service-signal.ts";
import type { Signal } from "./window-aggregate.ts";

/** Every signal, in the order in which they are judged and shown. Adding one is adding its entry here. */
export const signals: readonly Signal[] = [
  driftSignal,
  dataQualitySignal,
  performanceSignal,
  serviceSignal,
  attributionSignal,
];
