import { toKeyValues } from "../../packages/otlp/test/support/both-encodings.ts";
import { otlpJsonToProtobuf } from "../../packages/otlp/test/support/otlp-json-to-protobuf.ts";

/** What a request of the benchmark holds, as a service's SDK would batch it. */
export const PREDICTIONS_PER_REQUEST = 1_000;
export const FEATURES = 20;

const ID_LENGTH = 20;
const NANOS_PER_MS = 1_000_000n;

/** Bytes of one request, whose ids can be made new without encoding it again. */
export interface RequestTemplate {
  readonly bytes: Buffer;
  /** Where each prediction's id stands. */
  readonly idOffsets: readonly number[];
}

export function modelName(index: number): string {
  return `model-${String(index).padStart(4, "0")}`;
}

/** A logs request in protobuf of predictions of a model with 20 features each, and a vector where its length is given, at the moment given. */
export function makeTemplate(
  model: string,
  nowMs: number,
  predictions: number = PREDICTIONS_PER_REQUEST,
  vectorLength: number = 0,
): RequestTemplate {
  const timeUnixNano = `${BigInt(nowMs) * NANOS_PER_MS}`;
  const ids = Array.from({ length: predictions }, (_, index) => idOf(0, index));
  const logRecords = ids.map((id, row) => ({
    timeUnixNano,
    eventName: "ml.inference.details",
    severityNumber: 9,
    attributes: toKeyValues({
      "ml.model.name": model,
      "ml.model.version": "1",
      "ml.inference.id": id,
      "ml.prediction.label": row % 3 === 0 ? "late" : "on_time",
      "ml.prediction.score": ((row * 37) % 100) / 100 + 0.001,
      "ml.inference.inputs": {
        ...Object.fromEntries(
          Array.from({ length: FEATURES }, (_, feature) => [
            `feature_${feature}`,
            (((row * 131 + feature * 17) % 9_973) + 0.5) / 10,
          ]),
        ),
        ...(vectorLength === 0 ? {} : { text: vectorOf(row, vectorLength) }),
      },
    }),
  }));
  const request = {
    resourceLogs: [
      {
        resource: { attributes: toKeyValues({ "service.name": "bench", "service.instance.id": "1" }) },
        scopeLogs: [{ scope: { name: "bench" }, logRecords }],
      },
    ],
  };
  const bytes = Buffer.from(otlpJsonToProtobuf("logs", request));
  let from = 0;
  const idOffsets = ids.map((id) => {
    const offset = bytes.indexOf(id, from);
    if (offset < 0) throw new Error(`the id ${id} is not in the request`);
    from = offset + ID_LENGTH;
    return offset;
  });
  return { bytes, idOffsets };
}

/** As an encoder makes it: single precision, near a unit vector, its digits as good as random. */
export function vectorOf(row: number, length: number): number[] {
  return Array.from({ length }, (_, index) =>
    Math.fround((Math.sin((row + 1) * 12.9898 + index * 78.233) * Math.SQRT2) / Math.sqrt(length)),
  );
}

/** The template's bytes with ids that no other number has; the same buffer each time. */
export function renew({ bytes, idOffsets }: RequestTemplate, number: number): Buffer {
  idOffsets.forEach((offset, index) => {
    bytes.write(idOf(number, index), offset, "latin1");
  });
  return bytes;
}

/** Id of the prediction `index` of the request `number`. */
export function idOf(number: number, index: number): string {
  return `${String(number).padStart(12, "0")}-${String(index).padStart(7, "0")}`;
}
