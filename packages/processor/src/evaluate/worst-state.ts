import type { MonitorState } from "@tidemark/semconv";

/** From what needs no one to what needs someone at once. */
const ORDER: readonly MonitorState[] = ["ok", "insufficient_data", "warning", "no_data", "critical"];

/** The one of two states that asks for attention first. */
export function worseState(a: MonitorState, b: MonitorState): MonitorState {
  return ORDER.indexOf(a) >= ORDER.indexOf(b) ? a : b;
}
