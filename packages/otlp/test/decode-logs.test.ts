import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { AnyValueMap } from "@opentelemetry/api-logs";
import { decodeLogs } from "@tidemark/otlp";
import { ENCODINGS } from "./support/both-encodings.ts";
import { CONTEXT, TIME_MS, TIME_NANO } from "./support/context.ts";
import { type OfficialLog, officialLogs } from "./support/official-bytes.ts";
import { outcomeAttributes, predictionAttributes } from "./support/prediction-attributes.ts";

function prediction(changes: AnyValueMap = {}): OfficialLog {
  return { eventName: "ml.inference.details", timeMs: TIME_MS, attributes: predictionAttributes(changes) };
}

function outcome(changes: AnyValueMap = {}): OfficialLog {
  return { eventName: "ml.outcome.reported", timeMs: TIME_MS, attributes: outcomeAttributes(changes) };
}

for (const encoding of ENCODINGS) {
  describe(`logs of the official exporter in ${encoding}`, () => {
    it("become predictions with every field in its place", () => {
      const inputs = { distance: 2176, inbound_delay: -3.5, origin: "LAS", holiday: true, größe: "ü€𝄞", gone: null };
      const decoded = decodeLogs(
        officialLogs([prediction({ "ml.inference.inputs": inputs })])[encoding],
        encoding,
        CONTEXT,
      );
      assert.deepEqual(decoded, {
        predictions: [
          {
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
            traceId: "",
            segments: {},
            inputs,
          },
        ],
        outcomes: [],
        rejections: [],
        ignored: 0,
        ignoredInputs: 0,
      });
    });

    it("tell what each feature added, and are refused where that is no finite number", () => {
      const attributionsOf = (value: AnyValueMap[string]) => {
        const bytes = officialLogs([prediction({ "ml.inference.attributions": value })])[encoding];
        const { predictions, rejections } = decodeLogs(bytes, encoding, CONTEXT);
        return predictions[0]?.attributions ?? rejections.map(({ reason }) => reason);
      };
      assert.deepEqual(attributionsOf({ distance: -0.25, origin: 2, gone: null }), {
        distance: -0.25,
        origin: 2,
        gone: 0,
      });
      assert.deepEqual(attributionsOf({ distance: "much" }), ["not_finite"]);
      assert.equal((attributionsOf("much") as string[]).length, 1);
      const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`f${index}`, 1]));
      assert.deepEqual(attributionsOf(many), ["too_many_inputs"]);
    });

    it("tell what the members of an ensemble answered; an answer that is none is kept as null, too many members are refused", () => {
      const answersOf = (value: AnyValueMap[string]) => {
        const bytes = officialLogs([prediction({ "ml.ensemble.answers": value })])[encoding];
        const { predictions, rejections } = decodeLogs(bytes, encoding, CONTEXT);
        return predictions[0]?.memberAnswers ?? rejections.map(({ reason }) => reason);
      };
      assert.deepEqual(answersOf({ trees: 0.25, linear: 2, voted: "late", gone: null, odd: true, deep: { a: 1 } }), {
        ...{ trees: 0.25, linear: 2, voted: "late", gone: null, odd: null, deep: null },
      });
      assert.deepEqual(answersOf({ trees: Number.NaN }), { trees: null });
      assert.deepEqual(answersOf("much"), ["wrong_type"]);
      const many = Object.fromEntries(Array.from({ length: 33 }, (_, index) => [`m${index}`, 1]));
      assert.deepEqual(answersOf(many), ["too_many_members"]);
      assert.deepEqual(answersOf({ ["x".repeat(300)]: 1 }), ["text_too_long"]);
    });

    it("tell the probabilities of classes; one that is no number is kept as NaN, and what is no map or of too many classes costs no prediction", () => {
      const probabilitiesOf = (value: AnyValueMap[string]) => {
        const bytes = officialLogs([prediction({ "ml.prediction.probabilities": value })])[encoding];
        const { predictions, rejections } = decodeLogs(bytes, encoding, CONTEXT);
        assert.deepEqual([predictions.length, rejections], [1, []]);
        return predictions[0]?.probabilities;
      };
      assert.deepEqual(probabilitiesOf({ cat: 0.7, dog: 0, bird: 1, fish: "1e+21", gone: null, odd: "much" }), {
        ...{ cat: 0.7, dog: 0, bird: 1, fish: 1e21, gone: Number.NaN, odd: Number.NaN },
      });
      assert.deepEqual(probabilitiesOf({ cat: Number.NaN }), { cat: Number.NaN });
      const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`c${index}`, 0]));
      assert.equal(Object.keys(probabilitiesOf(many(100))!).length, 100);
      for (const none of [many(101), {}, "much", [0.5, 0.5]]) assert.equal(probabilitiesOf(none), undefined);
    });

    it("become outcomes with every field in its place", () => {
      const { outcomes } = decodeLogs(officialLogs([outcome()])[encoding], encoding, CONTEXT);
      assert.deepEqual(outcomes, [
        {
          tenant: "default",
          model: "flight-delay",
          id: "01935c1e-7a4b-7000-8000-00000000002a",
          timeUnixNano: TIME_NANO,
          kind: "class",
          label: "late",
          value: null,
          position: null,
        },
      ]);
    });

    it("are recognised by the older attribute event.name too, and ignored where they are none of ours", () => {
      const older = { timeMs: TIME_MS, attributes: predictionAttributes({ "event.name": "ml.inference.details" }) };
      const alien = { eventName: "user.login", timeMs: TIME_MS, attributes: predictionAttributes() };
      const nameless = { timeMs: TIME_MS, attributes: predictionAttributes() };
      const decoded = decodeLogs(officialLogs([older, alien, nameless])[encoding], encoding, CONTEXT);
      assert.equal(decoded.predictions.length, 1);
      assert.equal(decoded.ignored, 2);
      assert.deepEqual(decoded.rejections, []);
    });

    it("take an integer where a double is meant: exporters send 1.0 as 1", () => {
      const { predictions } = decodeLogs(
        officialLogs([prediction({ "ml.prediction.score": 1 })])[encoding],
        encoding,
        CONTEXT,
      );
      assert.equal(predictions[0]?.score, 1);
    });

    it("count a prediction without sampling probability once", () => {
      const { "ml.sampling.probability": _, ...attributes } = predictionAttributes();
      const log = { eventName: "ml.inference.details", timeMs: TIME_MS, attributes };
      assert.equal(decodeLogs(officialLogs([log])[encoding], encoding, CONTEXT).predictions[0]?.samplingProbability, 1);
    });

    it("keep one segment or several", () => {
      const one = prediction({ "ml.segment.name": "region", "ml.segment.value": "west" });
      const two = prediction({ "ml.segment.name": ["region", "tier"], "ml.segment.value": ["west", "gold"] });
      const { predictions } = decodeLogs(officialLogs([one, two])[encoding], encoding, CONTEXT);
      assert.deepEqual(
        predictions.map(({ segments }) => segments),
        [{ region: "west" }, { region: "west", tier: "gold" }],
      );
    });

    const decodeInputs = (inputs: AnyValueMap) => {
      const bytes = officialLogs([prediction({ "ml.inference.inputs": inputs })])[encoding];
      const { predictions, ignoredInputs, rejections } = decodeLogs(bytes, encoding, CONTEXT);
      assert.deepEqual(rejections, []);
      return { ...predictions[0]!, ignoredInputs };
    };

    it("keep arrays of numbers among the inputs as vectors, rounded to single precision", () => {
      const long = Array.from({ length: 768 }, (_, index) => Math.sin(index));
      const text = [1, -2.5, 0.1, 1e300, Number.NaN, 2 ** 40];
      const decoded = decodeInputs({ distance: 1, text, long, gap: [1, null, 2] });
      assert.deepEqual(decoded.inputs, { distance: 1 });
      assert.deepEqual(decoded.vectors, {
        text: Float32Array.from(text),
        long: Float32Array.from(long),
        gap: Float32Array.of(1, Number.NaN, 2),
      });
      assert.equal(decoded.ignoredInputs, 0);
    });

    it("leave out bytes, and arrays that are empty or hold anything but numbers, and say how many", () => {
      const decoded = decodeInputs({
        distance: 1,
        raw: new Uint8Array([1]),
        empty: [],
        mixed: [1, "a"],
        flags: [true],
        nested: [[1, 2]],
        maps: [{ a: 1 }],
      });
      assert.deepEqual(decoded.inputs, { distance: 1 });
      assert.equal(decoded.vectors, undefined);
      assert.equal(decoded.ignoredInputs, 6);
    });

    it("keep eight vectors of at most 4,096 elements, and the record whatever else it has", () => {
      const names = Array.from({ length: 10 }, (_, index) => `v${index}`);
      const many = decodeInputs(Object.fromEntries(names.map((name) => [name, [1, 2]])));
      assert.deepEqual(Object.keys(many.vectors ?? {}), names.slice(0, 8));
      assert.equal(many.ignoredInputs, 2);
      const sized = decodeInputs({ longest: Array(4_096).fill(0.5), longer: Array(4_097).fill(0.5), __proto__x: [1] });
      assert.deepEqual(Object.keys(sized.vectors ?? {}), ["longest", "__proto__x"]);
      assert.equal(sized.vectors?.["longest"]?.length, 4_096);
      assert.equal(sized.ignoredInputs, 1);
    });

    it("refuse a record for what is wrong with it, name it, and keep the rest", () => {
      const long = "x".repeat(257);
      const refused: [log: OfficialLog, reason: string, example: RegExp][] = [
        [prediction({ "ml.model.name": "" }), "model_name_missing", /ml\.model\.name is empty; expected a text/],
        [without("ml.model.name"), "model_name_missing", /ml\.model\.name is missing/],
        [without("ml.inference.id"), "inference_id_missing", /ml\.inference\.id is missing/],
        [
          prediction({ "ml.inference.id": long }),
          "text_too_long",
          /ml\.inference\.id has 257 characters; expected at most 256/,
        ],
        [
          prediction({ "ml.prediction.score": "high" }),
          "wrong_type",
          /ml\.prediction\.score is "high"; expected a double or an int/,
        ],
        [prediction({ "ml.prediction.score": true }), "wrong_type", /ml\.prediction\.score is true/],
        [prediction({ "ml.prediction.label": 1 }), "wrong_type", /ml\.prediction\.label is 1; expected a string/],
        [
          prediction({ "ml.sampling.probability": 0 }),
          "sampling_probability_out_of_range",
          /is 0; expected a number in \(0, 1\]/,
        ],
        [prediction({ "ml.sampling.probability": 1.5 }), "sampling_probability_out_of_range", /is 1\.5/],
        [
          prediction({ "ml.deployment.role": "hero" }),
          "unknown_role",
          /is "hero"; expected one of champion, challenger/,
        ],
        [{ ...prediction(), timeMs: TIME_MS - 40_000_000_000 }, "time_outside_window", /time_unix_nano is 1999-09-/],
        [
          { ...prediction(), timeMs: TIME_MS + 40_000_000_000 },
          "time_outside_window",
          /expected a time from 2001-01-01T00:00:00\.000Z to/,
        ],
        [
          prediction({ "ml.inference.inputs": { box: { a: 1 } } }),
          "nested_input",
          /ml\.inference\.inputs\["box"\] is a map/,
        ],
        [
          prediction({ "ml.inference.inputs": "none" }),
          "wrong_type",
          /ml\.inference\.inputs is "none"; expected a map/,
        ],
        [prediction({ "ml.segment.name": "region" }), "segment_malformed", /ml\.segment\.value is an empty value/],
        [prediction(manyAttributes(300)), "too_many_attributes", /306 attributes; expected at most 256/],
        [
          outcome({ "ml.outcome.kind": "verdict" }),
          "unknown_outcome_kind",
          /is "verdict"; expected one of class, value/,
        ],
        [
          outcome({ "ml.outcome.kind": "value" }),
          "outcome_content_missing",
          /ml\.outcome\.value is missing; expected it with/,
        ],
        [outcome({ "ml.outcome.kind": "rank" }), "outcome_content_missing", /ml\.outcome\.position is missing/],
        [
          outcome({ "ml.outcome.kind": "rank", "ml.outcome.position": 0 }),
          "position_out_of_range",
          /is 0; expected an integer/,
        ],
      ];
      for (const [log, reason, example] of refused) {
        const decoded = decodeLogs(officialLogs([prediction(), log, outcome()])[encoding], encoding, CONTEXT);
        assert.equal(decoded.predictions.length, 1, reason);
        assert.equal(decoded.outcomes.length, 1, reason);
        assert.deepEqual(
          decoded.rejections.map((rejection) => [rejection.reason, rejection.count]),
          [[reason, 1]],
        );
        assert.match(decoded.rejections[0]?.example ?? "", example);
      }
    });

    it("count refused records by reason and keep the first as the example", () => {
      const logs = [1.5, 2.5, 3.5].map((probability) => prediction({ "ml.sampling.probability": probability }));
      const { rejections } = decodeLogs(
        officialLogs([...logs, without("ml.inference.id")])[encoding],
        encoding,
        CONTEXT,
      );
      assert.deepEqual(
        rejections.map(({ reason, count, first }) => [reason, count, first]),
        [
          ["inference_id_missing", 1, 3],
          ["sampling_probability_out_of_range", 3, 0],
        ],
      );
      assert.match(rejections[1]?.example ?? "", /is 1\.5/);
    });
  });
}

it("both encodings of the official exporter give equal records", () => {
  const logs = Array.from({ length: 200 }, (_, index) =>
    index % 3 === 0
      ? outcome({ "ml.inference.id": `id-${index}`, "ml.outcome.label": index % 2 === 0 ? "late" : "on_time" })
      : prediction({
          "ml.inference.id": `id-${index}`,
          "ml.prediction.score": Math.sin(index) ** 2,
          "ml.inference.inputs": { distance: index * 1.5, origin: `A${index % 7}`, big: 2 ** 40 + index },
        }),
  );
  const bytes = officialLogs(logs);
  assert.deepEqual(decodeLogs(bytes.protobuf, "protobuf", CONTEXT), decodeLogs(bytes.json, "json", CONTEXT));
});

it("a score that is not finite is refused where the encoding can carry it", () => {
  for (const score of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    const { predictions, rejections } = decodeLogs(
      officialLogs([prediction({ "ml.prediction.score": score })]).protobuf,
      "protobuf",
      CONTEXT,
    );
    assert.equal(predictions.length, 0);
    assert.match(rejections[0]?.example ?? "", /ml\.prediction\.score is -?(NaN|Infinity); expected a finite number/);
  }
});

it("an input that is not finite stays: it is the finding", () => {
  const log = prediction({ "ml.inference.inputs": { distance: Number.NaN, delay: Number.NEGATIVE_INFINITY } });
  const { predictions } = decodeLogs(officialLogs([log]).protobuf, "protobuf", CONTEXT);
  assert.deepEqual(predictions[0]?.inputs, { distance: Number.NaN, delay: Number.NEGATIVE_INFINITY });
});

function without(key: string): OfficialLog {
  const { [key]: _, ...attributes } = predictionAttributes();
  return { eventName: "ml.inference.details", timeMs: TIME_MS, attributes };
}

function manyAttributes(count: number): AnyValueMap {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`other.${index}`, index]));
}
