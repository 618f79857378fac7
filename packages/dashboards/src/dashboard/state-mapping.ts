import { MappingType, type ValueMapping } from "@grafana/grafana-foundation-sdk/dashboard";
import { STATE_NUMBERS } from "./state-numbers.ts";

/** Words and colours of the numbers that the state timeline draws. */
export const stateMapping: ValueMapping = {
  type: MappingType.ValueToText,
  options: {
    "0": { text: "ok", color: "green", index: 0 },
    [STATE_NUMBERS.insufficient_data]: { text: "insufficient data", color: "text", index: 1 },
    [STATE_NUMBERS.warning]: { text: "warning", color: "yellow", index: 2 },
    [STATE_NUMBERS.critical]: { text: "critical", color: "red", index: 3 },
    [STATE_NUMBERS.no_data]: { text: "no data", color: "purple", index: 4 },
  },
};
