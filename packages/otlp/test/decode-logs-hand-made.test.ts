import assert from "node:assert/strict";
import { it } from "node:test";
import { type DecodedLogs, decodeLogs, OtlpDecodeError, type OtlpEncoding } from "@tidemark/otlp";
import { ENCODINGS, oneLog, toBytes, toKeyValues } from "./support/both-encodings.ts";
import { CONTEXT, TIME_NANO } from "./support/context.ts";
import type { OtlpJson } from "./support/otlp-json-to-protobuf.ts";
import { predictionAttributes } from "./support/prediction-attributes.ts";

const TIME = String(TIME_NANO);
const TRACE_ID = "5b8efff798038103d269b633813fc60c";

function decode(encoding: OtlpEncoding, record: OtlpJson): DecodedLogs {
  return decodeLogs(toBytes("logs", encoding, oneLog(record)), encoding, CONTEXT);
}

function prediction(changes: Readonly<Record<string, unknown>> = {}): OtlpJson {
  return {
    timeUnixNano: TIME,
    eventName: "ml.inference.details",
    attributes: toKeyValues({ ...predictionAttributes(), ...changes }),
  };
}

for (const encoding of ENCODINGS) {
  it(`${encoding}: __proto__ and constructor are names of inputs like any other`, () => {
    const inputs = JSON.parse('{"__proto__": 1.5, "constructor": "x", "distance": 2}') as Record<string, unknown>;
    const decoded = decode(encoding, prediction({ "ml.inference.inputs": inputs })).predictions[0]?.inputs ?? {};
    assert.deepEqual(Object.entries(decoded), [
      ["__proto__", 1.5],
      ["constructor", "x"],
      ["distance", 2],
    ]);
    assert.equal(Object.getPrototypeOf(decoded), Object.prototype);
  });

  it(`${encoding}: the trace id is lowercase hex`, () => {
    const record = { ...prediction(), traceId: TRACE_ID.toUpperCase() };
    assert.equal(decode(encoding, record).predictions[0]?.traceId, TRACE_ID);
  });

  it(`${encoding}: without a time of its own a record has the time it was observed, and without both it is refused`, () => {
    const { timeUnixNano: _, ...timeless } = prediction();
    const observed = decode(encoding, { ...timeless, observedTimeUnixNano: TIME });
    assert.equal(observed.predictions[0]?.timeUnixNano, TIME_NANO);
    assert.equal(decode(encoding, timeless).rejections[0]?.reason, "time_missing");
  });

  it(`${encoding}: numbers that no int holds come as text and are numbers again, where numbers are expected and among inputs`, () => {
    const record = prediction({
      "ml.prediction.value": "1e+21",
      "ml.inference.inputs": { amount: "-1.5e+300", code: "1e21", origin: "LAS" },
      "ml.inference.attributions": { amount: "1e+22", origin: 0.5 },
      "ml.ensemble.answers": { trees: "1e+23", label: "late" },
    });
    const { predictions, rejections } = decode(encoding, record);
    assert.deepEqual(rejections, []);
    const [{ value, inputs, attributions, memberAnswers }] = predictions as [(typeof predictions)[0]];
    assert.deepEqual(
      { value, inputs, attributions, memberAnswers },
      {
        value: 1e21,
        inputs: { amount: -1.5e300, code: "1e21", origin: "LAS" },
        attributions: { amount: 1e22, origin: 0.5 },
        memberAnswers: { trees: 1e23, label: "late" },
      },
    );
    assert.equal(decode(encoding, prediction({ "ml.prediction.value": "LAS" })).rejections[0]?.reason, "wrong_type");
  });

  it(`${encoding}: integers keep their value up to what a double holds, and round beyond`, () => {
    const inputs = {
      small: 7,
      negative: -3,
      large: 2n ** 53n - 1n,
      huge: 2n ** 63n - 1n,
      lowest: -(2n ** 63n),
      some: -5_000_000_000n,
    };
    assert.deepEqual(decode(encoding, prediction({ "ml.inference.inputs": inputs })).predictions[0]?.inputs, {
      small: 7,
      negative: -3,
      large: 9_007_199_254_740_991,
      huge: 2 ** 63,
      lowest: -(2 ** 63),
      some: -5_000_000_000,
    });
  });

  it(`${encoding}: deep nesting in attributes that are not ours costs nothing and changes nothing`, () => {
    let deep: unknown = 1;
    for (let depth = 0; depth < 500; depth++) deep = depth % 2 === 0 ? [deep] : { next: deep };
    assert.equal(decode(encoding, prediction({ other: deep })).predictions.length, 1);
    assert.equal(decode(encoding, prediction({ "ml.prediction.label": deep })).rejections[0]?.reason, "wrong_type");
    assert.equal(
      decode(encoding, prediction({ "ml.inference.inputs": { a: deep } })).rejections[0]?.reason,
      "nested_input",
    );
  });

  it(`${encoding}: more inputs than a model can have are refused`, () => {
    const inputs = Object.fromEntries(Array.from({ length: 4_097 }, (_, index) => [`f${index}`, index]));
    assert.equal(
      decode(encoding, prediction({ "ml.inference.inputs": inputs })).rejections[0]?.reason,
      "too_many_inputs",
    );
  });

  it(`${encoding}: an empty request is a request without records`, () => {
    const { predictions, outcomes, rejections, ignored } = decodeLogs(toBytes("logs", encoding, {}), encoding, CONTEXT);
    assert.deepEqual([predictions, outcomes, rejections, ignored], [[], [], [], 0]);
  });
}

it("json: unknown fields and nulls are passed over", () => {
  const record = { ...prediction(), severityText: null, traceId: null, futureField: { a: [1] } };
  assert.equal(decode("json", record).predictions.length, 1);
});

it("json: 64-bit integers outside of strings keep every digit", () => {
  const text = JSON.stringify(oneLog(prediction())).replace(`"${TIME}"`, "978367260000000001");
  assert.equal(decodeLogs(Buffer.from(text), "json", CONTEXT).predictions[0]?.timeUnixNano, 978_367_260_000_000_001n);
});

it("json: doubles may come as text, as protobuf's JSON mapping has it", () => {
  const attributes = [
    ...toKeyValues({ "ml.model.name": "m", "ml.inference.id": "1" }),
    { key: "ml.prediction.score", value: { doubleValue: "0.5" } },
    {
      key: "ml.inference.inputs",
      value: {
        kvlistValue: {
          values: [
            { key: "a", value: { doubleValue: "NaN" } },
            { key: "b", value: { doubleValue: "-Infinity" } },
          ],
        },
      },
    },
  ];
  const { predictions } = decode("json", { timeUnixNano: TIME, eventName: "ml.inference.details", attributes });
  assert.equal(predictions[0]?.score, 0.5);
  assert.deepEqual(predictions[0]?.inputs, { a: Number.NaN, b: Number.NEGATIVE_INFINITY });
});

it("json: what is no OTLP/JSON is refused as a whole, with the field, what was found and what was expected", () => {
  const wrong: [body: string, message: RegExp][] = [
    ["", /not an OTLP JSON message/],
    ["{", /not an OTLP JSON message/],
    ["[]", /the body is an array; expected an object/],
    ["null", /the body is null; expected an object/],
    ['{"resourceLogs": {}}', /resourceLogs is an object; expected an array/],
    ['{"resourceLogs": [1]}', /resourceLogs\[\] is 1; expected an object/],
    [JSON.stringify(oneLog({ timeUnixNano: "soon" })), /timeUnixNano is "soon"; expected an unsigned 64-bit integer/],
    [JSON.stringify(oneLog({ timeUnixNano: "-1" })), /timeUnixNano is "-1"/],
    [JSON.stringify(oneLog({ timeUnixNano: 1.5 })), /timeUnixNano is 1\.5/],
    [JSON.stringify(oneLog({ timeUnixNano: "18446744073709551616" })), /expected an unsigned 64-bit integer/],
    [JSON.stringify(oneLog({ traceId: "xyz" })), /traceId is "xyz"; expected hex digits/],
    [JSON.stringify(oneLog({ eventName: 5 })), /eventName is 5; expected a string/],
    [
      JSON.stringify(oneLog({ attributes: [{ key: "ml.model.name", value: "bare" }] })),
      /a value is "bare"; expected an object/,
    ],
    [JSON.stringify(oneLog({ attributes: [{ key: "ml.model.name", value: { intValue: "x" } }] })), /intValue is "x"/],
    [
      JSON.stringify(oneLog({ attributes: [{ key: "ml.model.name", value: { boolValue: 1 } }] })),
      /boolValue is 1; expected true or false/,
    ],
    [
      JSON.stringify(oneLog({ attributes: [{ key: "ml.model.name", value: { bytesValue: "%" } }] })),
      /bytesValue is "%"; expected base64/,
    ],
  ];
  for (const [body, message] of wrong) {
    assert.throws(
      () => decodeLogs(Buffer.from(body), "json", CONTEXT),
      (error) => error instanceof OtlpDecodeError && message.test(error.message),
      body,
    );
  }
  assert.throws(() => decodeLogs(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d), "json", CONTEXT), OtlpDecodeError);
});

it("a whole number beyond int64, which the JavaScript exporter writes as an int, costs no batch", () => {
  const inputs = ["1e21", "-100000000000000000000", "18446744073709551616"].map((number, index) => {
    return `{"key": "n${index}", "value": {"intValue": ${number}}}`;
  });
  const vector =
    '{"key": "text", "value": {"arrayValue": {"values": [{"intValue": 100000000000000000000}, {"intValue": 1e30}]}}}';
  const attributes = toKeyValues({ ...predictionAttributes(), "ml.inference.inputs": "HERE" });
  const body = JSON.stringify(oneLog({ timeUnixNano: TIME, eventName: "ml.inference.details", attributes })).replace(
    '{"stringValue":"HERE"}',
    `{"kvlistValue": {"values": [${[...inputs, vector].join()}]}}`,
  );
  const [found] = decodeLogs(Buffer.from(body), "json", CONTEXT).predictions;
  assert.deepEqual(found?.inputs, { n0: 1e21, n1: -1e20, n2: 2 ** 64 });
  assert.deepEqual(found?.vectors, { text: Float32Array.of(1e20, 1e30) });
  // As text it is protobuf's own way of writing an int64, and this is none.
  const text = body.replace("18446744073709551616", '"18446744073709551616"');
  assert.throws(() => decodeLogs(Buffer.from(text), "json", CONTEXT), /a signed 64-bit integer/);
});
