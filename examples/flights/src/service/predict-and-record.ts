import type { ModelRecorder } from "@tidemark/instrumentation";
import type { Answer, Departure } from "../flights/flight.ts";
import type { FlightDelayModel } from "../model/flight-delay-model.ts";

/** Asks the model about a batch and records what it said: the whole of what monitoring costs a service. */
export async function predictAndRecord(
  model: Pick<FlightDelayModel, "predict" | "labelOf">,
  recorder: Pick<ModelRecorder, "recordBatch">,
  departures: readonly Departure[],
): Promise<Answer[]> {
  const started = performance.now();
  const batch = () => ({
    ids: departures.map((departure) => departure.id),
    inputs: departures,
    timesMs: departures.map((departure) => departure.departureMs),
    durationSeconds: (performance.now() - started) / 1_000,
  });
  try {
    const scores = await model.predict(departures);
    const labels = Array.from(scores, (score) => model.labelOf(score));
    recorder.recordBatch({ ...batch(), scores, labels });
    return departures.map(({ id }, row) => ({ id, score: scores[row]!, label: labels[row]! }));
  } catch (error) {
    recorder.recordBatch({ ...batch(), error });
    throw error;
  }
}
