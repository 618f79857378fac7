import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Meter, ValueType } from "@opentelemetry/api";
import { AggregationType, type ViewOptions } from "@opentelemetry/sdk-metrics";
import { type DecodedMetrics, decodeMetrics, type OtlpEncoding } from "@tidemark/otlp";
import type { MetricPoint } from "@tidemark/schema";
import { ENCODINGS, oneMetric, toBytes, toKeyValues } from "./support/both-encodings.ts";
import { CONTEXT, TIME_NANO } from "./support/context.ts";
import { officialMetrics } from "./support/official-bytes.ts";
import type { OtlpJson } from "./support/otlp-json-to-protobuf.ts";

const ANY_TIME = { ...CONTEXT, acceptToUnixNano: 2n ** 63n - 1n };
const MODEL = { "ml.model.name": "flight-delay", "ml.model.version": "3", "ml.deployment.role": "champion" };
const TIMES = { startTimeUnixNano: String(TIME_NANO - 3_600_000_000_000n), timeUnixNano: String(TIME_NANO) };
const DISTANCE = { ...MODEL, "ml.feature.name": "distance" };

function decode(
  encoding: OtlpEncoding,
  metric: OtlpJson,
  resource: Readonly<Record<string, unknown>> = {},
): DecodedMetrics {
  return decodeMetrics(toBytes("metrics", encoding, oneMetric(metric, resource)), encoding, CONTEXT);
}

function histogram(point: OtlpJson, attributes: Readonly<Record<string, unknown>> = DISTANCE): OtlpJson {
  const whole = { ...TIMES, count: "6", sum: 12.5, bucketCounts: ["1", "2", "3"], explicitBounds: [1, 2.5] };
  return {
    name: "ml.feature.value",
    histogram: { aggregationTemporality: 2, dataPoints: [{ ...whole, ...point, attributes: toKeyValues(attributes) }] },
  };
}

/** Two in (-8, -4], one zero, three in (1, 2], one in (4, 8]. */
function exponential(point: OtlpJson): OtlpJson {
  const whole = {
    ...TIMES,
    count: "7",
    sum: 1,
    scale: 0,
    zeroCount: "1",
    positive: { offset: 0, bucketCounts: ["3", "0", "1"] },
    negative: { offset: 2, bucketCounts: ["2"] },
  };
  return {
    name: "ml.feature.value",
    exponentialHistogram: {
      aggregationTemporality: 2,
      dataPoints: [{ ...whole, ...point, attributes: toKeyValues(DISTANCE) }],
    },
  };
}

/** Counts by the upper boundary of their bin: those that are not zero, and those between two of them. */
function binsOf(point: MetricPoint | undefined): Record<string, number> {
  const bins = point!.bucketCounts.map((count, index) => [point!.boundaries[index], Number(count)] as const);
  const last = bins.findLastIndex(([, count]) => count > 0);
  return Object.fromEntries(bins.slice(0, last + 1).filter(([upper, count]) => count > 0 || upper === 4));
}

function counter(
  name: string,
  point: OtlpJson,
  attributes: Readonly<Record<string, unknown>>,
  temporality = 2,
): OtlpJson {
  const whole = { ...TIMES, asInt: "5" };
  return {
    name,
    sum: {
      aggregationTemporality: temporality,
      dataPoints: [{ ...whole, ...point, attributes: toKeyValues(attributes) }],
    },
  };
}

for (const encoding of ENCODINGS) {
  describe(`metrics in ${encoding}`, () => {
    it("of the official exporter become points with every field in its place", async () => {
      const bytes = await officialMetrics("cumulative", (meter) => {
        const values = meter.createHistogram("ml.feature.value", { advice: { explicitBucketBoundaries: [100, 500] } });
        for (const distance of [50, 100, 300, 900]) values.record(distance, DISTANCE);
        meter
          .createCounter("ml.feature.categories")
          .add(3, { ...MODEL, "ml.feature.name": "origin", "ml.feature.category": "LAS" });
        meter.createCounter("process.cpu.time", { valueType: ValueType.DOUBLE }).add(1.25);
        meter.createCounter("http.server.requests").add(9, MODEL);
      });
      const { points, rejections, ignored } = decodeMetrics(bytes[encoding], encoding, ANY_TIME);
      assert.deepEqual(rejections, []);
      assert.equal(ignored, 1);
      assert.deepEqual(
        points.map(({ series: _, startUnixNano, timeUnixNano, ...point }) => {
          assert.ok(startUnixNano > 0n && startUnixNano <= timeUnixNano);
          return point;
        }),
        [
          {
            ...common("flight-delay", "3", "champion"),
            metric: "ml.feature.value",
            feature: "distance",
            key: "",
            count: 4n,
            sum: 1350,
            boundaries: [100, 500],
            bucketCounts: [2n, 1n, 1n],
          },
          {
            ...common("flight-delay", "3", "champion"),
            metric: "ml.feature.categories",
            feature: "origin",
            key: "LAS",
            count: 0n,
            sum: 3,
            boundaries: [],
            bucketCounts: [],
          },
          {
            ...common("", "", ""),
            metric: "process.cpu.time",
            feature: "",
            key: "",
            count: 0n,
            sum: 1.25,
            boundaries: [],
            bucketCounts: [],
          },
        ],
      );
    });

    it("tell delta, cumulative and gauge apart", () => {
      const memory = { name: "process.memory.usage", gauge: { dataPoints: [{ ...TIMES, asInt: "5000000000" }] } };
      assert.equal(decode(encoding, memory).points[0]?.temporality, "gauge");
      assert.equal(decode(encoding, memory).points[0]?.sum, 5e9);
      assert.equal(decode(encoding, counter("ml.inference.predictions", {}, MODEL, 1)).points[0]?.temporality, "delta");
      assert.equal(
        decode(encoding, counter("ml.inference.predictions", {}, MODEL, 2)).points[0]?.temporality,
        "cumulative",
      );
    });

    it("take model, version and role from the resource where the point has none, and champion where nobody says", () => {
      const metric = histogram({}, { "ml.feature.name": "distance" });
      const [point] = decode(encoding, metric, {
        "ml.model.name": "m",
        "ml.model.version": "9",
        "service.name": "s",
      }).points;
      assert.deepEqual([point?.model, point?.version, point?.role, point?.service], ["m", "9", "champion", "s"]);
    });

    it("keep what tells the points of a metric apart as their key", () => {
      const keyOf = (name: string, attributes: Record<string, string>) =>
        decode(encoding, counter(name, {}, { ...MODEL, ...attributes })).points[0]?.key;
      assert.equal(
        keyOf("ml.feature.values", { "ml.feature.name": "d", "ml.feature.value.state": "missing" }),
        "missing",
      );
      assert.equal(keyOf("ml.prediction.labels", { "ml.prediction.label": "late" }), "late");
      assert.equal(keyOf("ml.inference.predictions", { "error.type": "timeout" }), "timeout");
      assert.equal(keyOf("ml.inference.predictions", {}), "");
    });

    it("keep the segment", () => {
      const metric = histogram({}, { ...DISTANCE, "ml.segment.name": "region", "ml.segment.value": "west" });
      assert.equal(decode(encoding, metric).points[0]?.segment, "region=west");
    });

    it("without buckets are one bucket", () => {
      const [point] = decode(encoding, histogram({ bucketCounts: [], explicitBounds: [] })).points;
      assert.deepEqual([point?.boundaries, point?.bucketCounts], [[], [6n]]);
    });

    it("of an exponential histogram have its buckets as explicit ones", () => {
      const [point] = decode(encoding, exponential({})).points;
      assert.equal(point?.count, 7n);
      assert.deepEqual(binsOf(point), { "-4": 2, "0": 1, "2": 3, "4": 0, "8": 1 });
      const threshold = exponential({ zeroThreshold: 0.5 });
      assert.deepEqual(binsOf(decode(encoding, threshold).points[0]), { "-4": 2, "0.5": 1, "2": 3, "4": 0, "8": 1 });
    });

    it("of an exponential histogram beyond the doubles' range have ascending boundaries and all counts", () => {
      for (const offset of [-1_090, 1_000]) {
        const bucketCounts = Array.from({ length: 40 }, () => "1");
        const metric = exponential({ positive: { offset, bucketCounts }, negative: {}, count: "41" });
        const point = decode(encoding, metric).points[0]!;
        assert.ok(point.boundaries.every((edge, index, all) => index === 0 || edge > all[index - 1]!));
        assert.ok(point.boundaries.every(Number.isFinite));
        assert.equal(
          point.bucketCounts.reduce((sum, count) => sum + count, 0n),
          41n,
        );
      }
    });

    it("that say that nothing was recorded are ignored", () => {
      const decoded = decode(encoding, histogram({ flags: 1 }));
      assert.deepEqual([decoded.points, decoded.rejections, decoded.ignored], [[], [], 1]);
    });

    it("of others are ignored whatever their form", () => {
      const dataPoints = [
        { ...TIMES, count: "1", scale: 3 },
        { ...TIMES, count: "2", scale: 3 },
      ];
      const decoded = decode(encoding, {
        name: "http.duration",
        exponentialHistogram: { aggregationTemporality: 2, dataPoints },
      });
      assert.deepEqual([decoded.rejections, decoded.ignored], [[], 2]);
    });

    it("are refused for what is wrong with them, by name", () => {
      const { "ml.model.name": _, ...nameless } = DISTANCE;
      const refused: [metric: OtlpJson, reason: string, example: RegExp][] = [
        [exponential({ count: "8" }), "histogram_malformed", /count of 8 and buckets that sum to 7/],
        [exponential({ scale: 21 }), "histogram_malformed", /scale 21; expected a whole number from -10 to 20/],
        [
          exponential({ positive: { offset: 20_000, bucketCounts: ["6"] }, scale: 3 }),
          "histogram_malformed",
          /offset 20000 at scale 3/,
        ],
        [exponential({ zeroThreshold: -1 }), "histogram_malformed", /zero_threshold -1/],
        [
          { ...counter("ml.feature.value", {}, DISTANCE) },
          "unexpected_metric_kind",
          /ml\.feature\.value is a sum; expected a histogram/,
        ],
        [{ ...histogram({}), name: "ml.feature.values" }, "unexpected_metric_kind", /is a histogram; expected a sum/],
        [
          counter("ml.inference.predictions", {}, MODEL, 0),
          "temporality_missing",
          /aggregation_temporality 0; expected 1 \(delta\)/,
        ],
        [histogram({}, nameless), "model_name_missing", /ml\.model\.name is missing on a point of ml\.feature\.value/],
        [histogram({}, MODEL), "feature_name_missing", /ml\.feature\.name is missing/],
        [counter("ml.feature.categories", {}, DISTANCE), "point_key_missing", /ml\.feature\.category is missing/],
        [
          counter("ml.feature.values", {}, { ...DISTANCE, "ml.feature.value.state": "odd" }),
          "unknown_value_state",
          /"odd"; expected one of valid, missing/,
        ],
        [histogram({}, { ...DISTANCE, "ml.deployment.role": "hero" }), "unknown_role", /"hero"/],
        [
          histogram({}, { ...DISTANCE, "ml.model.version": 3 }),
          "wrong_type",
          /ml\.model\.version of ml\.feature\.value is 3; expected a string/,
        ],
        [histogram({}, { ...DISTANCE, "ml.feature.name": "x".repeat(257) }), "text_too_long", /257 characters/],
        [histogram({ timeUnixNano: "1" }), "time_outside_window", /time_unix_nano of ml\.feature\.value is 1970-01-01/],
        [
          histogram({ startTimeUnixNano: String(TIME_NANO + 1n) }),
          "start_after_time",
          /start_time_unix_nano of ml\.feature\.value/,
        ],
        [histogram({ bucketCounts: ["6", "0"] }), "histogram_malformed", /2 bucket counts and 2 boundaries/],
        [histogram({ count: "7" }), "histogram_malformed", /count of 7 and buckets that sum to 6/],
        [
          histogram({ explicitBounds: [2.5, 2.5] }),
          "histogram_malformed",
          /boundary 2\.5 at index 1; expected finite, strictly ascending/,
        ],
        [
          counter("ml.inference.predictions", { asInt: "-1" }, MODEL),
          "negative_count",
          /is -1; expected a counter of at least 0/,
        ],
        [histogram({}, { ...DISTANCE, ...manyAttributes(300) }), "too_many_attributes", /304 attributes/],
        [histogram({}, { ...DISTANCE, other: nested(9) }), "nesting_too_deep", /nested deeper than 8 levels/],
      ];
      for (const [metric, reason, example] of refused) {
        const { points, rejections } = decode(encoding, metric);
        assert.deepEqual(
          [points.length, rejections.map((rejection) => [rejection.reason, rejection.count])],
          [0, [[reason, 1]]],
        );
        assert.match(rejections[0]?.example ?? "", example);
      }
    });

    it("of the same series share its id whatever the order of attributes; another value, metric or resource is another", () => {
      const seriesOf = (metric: OtlpJson, resource?: Record<string, unknown>) =>
        decode(encoding, metric, resource).points[0]?.series;
      const reversed = Object.fromEntries(Object.entries(DISTANCE).reverse());
      const series = seriesOf(histogram({}));
      assert.match(series ?? "", /^[0-9a-f]{16}$/);
      assert.equal(seriesOf(histogram({ count: "0", bucketCounts: [], explicitBounds: [] }, reversed)), series);
      const others = [
        seriesOf(histogram({}, { ...DISTANCE, "ml.model.version": "4" })),
        seriesOf(histogram({}, { ...DISTANCE, extra: "x" })),
        seriesOf(histogram({}, { ...DISTANCE, extra: ["x"] })),
        seriesOf(histogram({}, { ...DISTANCE, extra: { x: "" } })),
        seriesOf(histogram({}, { ...DISTANCE, extra: 1 })),
        seriesOf(histogram({}, { ...DISTANCE, extra: "1" })),
        seriesOf(histogram({}), { "service.instance.id": "b" }),
        seriesOf({ ...histogram({}), name: "ml.prediction.score" }),
      ];
      assert.equal(new Set([series, ...others]).size, others.length + 1);
    });
  });
}

it("both encodings of the official exporter give equal points, series included", async () => {
  const bytes = await officialMetrics("delta", (meter) => {
    const scores = meter.createHistogram("ml.prediction.score", {
      advice: { explicitBucketBoundaries: [0.25, 0.5, 0.75] },
    });
    for (let index = 0; index < 50; index++) scores.record(Math.sin(index) ** 2, MODEL);
    const labels = meter.createCounter("ml.prediction.labels");
    labels.add(3, { ...MODEL, "ml.prediction.label": "late" });
    labels.add(4, { ...MODEL, "ml.prediction.label": "on_time", flag: true, weight: 0.5, tags: ["a", "b"] });
  });
  const fromProtobuf = decodeMetrics(bytes.protobuf, "protobuf", ANY_TIME);
  assert.equal(fromProtobuf.points.length, 3);
  assert.deepEqual(fromProtobuf, decodeMetrics(bytes.json, "json", ANY_TIME));
});

it("an exponential histogram of the official exporter has every value in its bin", async () => {
  const values = Array.from({ length: 500 }, (_, index) => (index % 5 === 0 ? 0 : Math.sin(index) * 1.05 ** index));
  const record = (meter: Meter) => {
    const recorded = meter.createUpDownCounter("ml.feature.value");
    for (const value of values) recorded.add(value, DISTANCE);
  };
  const views: ViewOptions[] = [{ instrumentName: "*", aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } }];
  const bytes = await officialMetrics("cumulative", record, views);
  const [point] = decodeMetrics(bytes.protobuf, "protobuf", ANY_TIME).points;
  assert.deepEqual(decodeMetrics(bytes.json, "json", ANY_TIME).points, [point]);
  const bins = new Array<bigint>(point!.boundaries.length + 1).fill(0n);
  for (const value of values) bins[point!.boundaries.filter((edge) => edge < value).length]! += 1n;
  assert.deepEqual(point!.bucketCounts, bins);
});

it("protobuf: a histogram's numbers may come one by one instead of packed", () => {
  const metric = histogram({ bucketCounts: ["1", "2", "3"], explicitBounds: [1, 2.5] });
  assert.deepEqual(decode("protobuf", metric), decode("json", metric));
});

function common(model: string, version: string, role: string): Partial<MetricPoint> {
  return {
    tenant: "default",
    model,
    version,
    role,
    service: "flights",
    instance: "a-1",
    segment: "",
    temporality: "cumulative",
  };
}

function manyAttributes(count: number): Record<string, number> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`other.${index}`, index]));
}

function nested(depth: number): unknown {
  return depth === 0 ? 1 : [nested(depth - 1)];
}

describe("what resources say of where a model ran", () => {
  const RESOURCE = {
    "service.name": "flights",
    "service.version": "2.1",
    "host.name": "a",
    "service.instance.id": "i",
  };

  for (const encoding of ENCODINGS) {
    it(`is one point an attribute that is kept, with the time of the model's first point, from ${encoding}`, () => {
      const { points, resources } = decode(encoding, histogram({}), {
        ...RESOURCE,
        "os.type": "linux",
        "k8s.node.name": 7,
      });
      assert.equal(points.length, 1);
      assert.deepEqual(
        resources.map(({ metric, segment }) => `${metric} ${segment}`),
        ["service.instance.id=i", "host.name=a", "service.version=2.1"].map((text) => `target_info ${text}`),
      );
      assert.equal(new Set(resources.map(({ series }) => series)).size, 3);
      for (const { model, version, role, service, timeUnixNano, feature, boundaries, sum } of resources) {
        assert.deepEqual(
          { model, version, role, service, timeUnixNano, feature, boundaries, sum },
          {
            model: "flight-delay",
            version: "3",
            role: "champion",
            service: "flights",
            timeUnixNano: TIME_NANO,
            feature: "",
            boundaries: [],
            sum: 1,
          },
        );
      }
    });
  }

  it("is nothing where the resource has none of it", () => {
    assert.deepEqual(decode("json", histogram({})).resources, []);
  });
});
