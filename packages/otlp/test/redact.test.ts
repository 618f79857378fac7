import assert from "node:assert/strict";
import { it } from "node:test";
import { decodeLogs, decodeMetrics, type RedactedRecord } from "@tidemark/otlp";
import { ENCODINGS, oneLog, oneMetric, toBytes, toKeyValues } from "./support/both-encodings.ts";
import { CONTEXT, TIME_NANO } from "./support/context.ts";
import { predictionAttributes } from "./support/prediction-attributes.ts";

/** What is set aside of the refused records of a request. */
function setAside(decode: typeof decodeLogs | typeof decodeMetrics, bytes: Uint8Array, encoding: "protobuf" | "json") {
  const found: [reason: string, record: RedactedRecord][] = [];
  decode(bytes, encoding, { ...CONTEXT, onRejected: ({ reason }, redact) => found.push([reason, redact()]) });
  return found;
}

for (const encoding of ENCODINGS) {
  it(`${encoding}: of a refused record its shape is kept, none of its values`, () => {
    const attributes = toKeyValues(
      predictionAttributes({
        "ml.inference.id": "customer-4711",
        "ml.prediction.label": "secret-label",
        "ml.prediction.score": "secret-score",
        "ml.inference.inputs": { income: 123_456, name: "secret-name" },
      }),
    );
    const request = oneLog({ timeUnixNano: String(TIME_NANO), eventName: "ml.inference.details", attributes });
    const [[reason, record] = ["", {}]] = setAside(decodeLogs, toBytes("logs", encoding, request), encoding);
    assert.equal(reason, "wrong_type");
    assert.equal(record["ml.prediction.score"], "string of 12");
    assert.equal(record["ml.inference.inputs"], "map of 2");
    assert.match(record["ml.inference.id"]!, /^sha256:[0-9a-f]{16}$/);
    assert.ok(record["ml.model.name"]!.length > 0);
    assert.doesNotMatch(JSON.stringify(record), /secret|4711|123456|income/);
  });

  it(`${encoding}: of a refused point its metric and its keys are kept`, () => {
    const point = {
      timeUnixNano: String(TIME_NANO),
      asDouble: 1,
      attributes: toKeyValues({ "ml.model.name": "m", "customer.name": "secret" }),
    };
    const request = oneMetric({ name: "ml.feature.value", gauge: { dataPoints: [point] } });
    const [[reason, record] = ["", {}]] = setAside(decodeMetrics, toBytes("metrics", encoding, request), encoding);
    assert.equal(reason, "unexpected_metric_kind");
    assert.equal(record["metric"], "ml.feature.value");
    assert.equal(record["customer.name"], "string of 6");
    assert.doesNotMatch(JSON.stringify(record), /secret/);
  });

  it(`${encoding}: a million attributes are refused without being kept`, () => {
    const attributes = Array.from({ length: 100_000 }, (_, index) => ({ key: `k${index}`, value: { intValue: "1" } }));
    const point = { timeUnixNano: String(TIME_NANO), asDouble: 1, attributes };
    const request = oneMetric({
      name: "ml.inference.predictions",
      sum: { aggregationTemporality: 2, dataPoints: [point] },
    });
    const [[reason] = [""]] = setAside(decodeMetrics, toBytes("metrics", encoding, request), encoding);
    assert.equal(reason, "too_many_attributes");
  });
}
