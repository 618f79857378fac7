import assert from "node:assert/strict";
import { it } from "node:test";
import { decodeTraces } from "@tidemark/otlp";
import { ENCODINGS, oneSpan, toBytes, toKeyValues } from "./support/both-encodings.ts";
import { CONTEXT, TIME_MS, TIME_NANO } from "./support/context.ts";
import { officialSpans } from "./support/official-bytes.ts";
import { predictionAttributes } from "./support/prediction-attributes.ts";

const attributes = predictionAttributes() as Record<string, string | number>;

for (const encoding of ENCODINGS) {
  it(`${encoding}: a span of the official exporter with model and id is a prediction made at its end; others are ignored`, () => {
    const bytes = officialSpans([
      { name: "predict flight-delay", endMs: TIME_MS, attributes },
      { name: "GET /", endMs: TIME_MS, attributes: { "http.request.method": "GET" } },
      { name: "predict flight-delay", endMs: TIME_MS, attributes: { "ml.model.name": "flight-delay" } },
    ]);
    const decoded = decodeTraces(bytes[encoding], encoding, CONTEXT);
    assert.equal(decoded.ignored, 2);
    assert.equal(decoded.predictions.length, 1);
    const { traceId, ...prediction } = decoded.predictions[0]!;
    assert.match(traceId, /^[0-9a-f]{32}$/);
    assert.deepEqual(prediction, {
      tenant: "default",
      model: "flight-delay",
      version: "3",
      role: "champion",
      id: "01935c1e-7a4b-7000-8000-00000000002a",
      timeUnixNano: TIME_NANO,
      label: "late",
      score: 0.81,
      value: null,
      samplingProbability: 0.25,
      segments: {},
      inputs: {},
    });
  });

  it(`${encoding}: the inputs of a span may be vectors`, () => {
    const inputs = {
      key: "ml.inference.inputs",
      value: { kvlistValue: { values: toKeyValues({ age: 3, text: [0.5, 2] }) } },
    };
    const span = { endTimeUnixNano: String(TIME_NANO), attributes: [...toKeyValues(attributes), inputs] };
    const [decoded] = decodeTraces(toBytes("traces", encoding, oneSpan(span)), encoding, CONTEXT).predictions;
    assert.deepEqual([decoded?.inputs, decoded?.vectors], [{ age: 3 }, { text: Float32Array.of(0.5, 2) }]);
  });

  it(`${encoding}: a span of ours that is wrong is refused like an event`, () => {
    const span = {
      endTimeUnixNano: String(TIME_NANO),
      attributes: toKeyValues({ ...attributes, "ml.prediction.score": "high" }),
    };
    const decoded = decodeTraces(toBytes("traces", encoding, oneSpan(span)), encoding, CONTEXT);
    assert.deepEqual(decoded.predictions, []);
    assert.equal(decoded.rejections[0]?.reason, "wrong_type");
  });
}
