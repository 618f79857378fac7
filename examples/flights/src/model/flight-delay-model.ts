import { fileURLToPath } from "node:url";
import { InferenceSession, Tensor } from "onnxruntime-node";
import type { FlightInputs, Outcome } from "../flights/flight.ts";
import { encodeInputs } from "./encode-inputs.ts";
import { MODEL_FILE, type ModelDescription, readModelDescription } from "./model-description.ts";

/** Columns of `probabilities`: on time, late. */
const CLASSES = 2;

/** The committed model: will this flight be 15 or more minutes late? */
export class FlightDelayModel {
  readonly description: ModelDescription;
  readonly #session: InferenceSession;

  private constructor(description: ModelDescription, session: InferenceSession) {
    this.description = description;
    this.#session = session;
  }

  static async load(): Promise<FlightDelayModel> {
    const options: InferenceSession.SessionOptions = { intraOpNumThreads: 1, interOpNumThreads: 1 };
    const session = await InferenceSession.create(fileURLToPath(MODEL_FILE), options);
    return new FlightDelayModel(await readModelDescription(), session);
  }

  /** The probability of `late` for each flight, in one call. */
  async predict(flights: readonly FlightInputs[]): Promise<Float32Array> {
    const rows = encodeInputs(flights, this.description);
    const shape = [flights.length, this.description.features.length];
    const { probabilities } = await this.#session.run({ features: new Tensor("float32", rows, shape) }, [
      "probabilities",
    ]);
    const both = probabilities!.data as Float32Array;
    return Float32Array.from(flights, (_, row) => both[row * CLASSES + 1]!);
  }

  labelOf(score: number): Outcome {
    return score >= this.description.threshold ? "late" : "on_time";
  }
}
