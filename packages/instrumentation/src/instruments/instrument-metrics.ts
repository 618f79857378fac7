import {
  type Attributes,
  type BatchObservableResult,
  type Histogram,
  type Meter,
  type MeterProvider,
  type Observable,
  ValueType,
} from "@opentelemetry/api";
import { attr, metrics, SCHEMA_URL, SCOPE_NAME } from "@tidemark/semconv";
import type { CountListener } from "../aggregate/count-listener.ts";
import { isDuration } from "../aggregate/is-duration.ts";
import type { ModelLayout } from "../aggregate/model-layout.ts";
import { BATCH_SIZE_BOUNDARIES, DURATION_BOUNDARIES } from "../aggregate/service-boundaries.ts";
import { SUM_POINTS } from "../export/metric-data.ts";
import type { MetricPoints, ServiceMetric } from "../export/metric-points.ts";
import type { DropCounter } from "../safety/drop-counter.ts";

/** Metrics that are sums, which a meter can ask for when it collects. */
const SUMS = (Object.keys(metrics) as (keyof typeof metrics)[]).filter(
  (key): key is ServiceMetric => metrics[key].emitter === "service" && metrics[key].instrument !== "histogram",
);

/**
 * The same metrics through the plain instruments of a meter: for a host whose metric reader takes no producer. Sums are
 * observed when the host collects. A histogram has to be told each value, which costs the SDK's half microsecond; each has
 * a meter of its own, since boundaries belong to an instrument and features differ in theirs. Segments have no histograms.
 */
export class InstrumentMetrics {
  readonly #provider: MeterProvider;
  readonly #drops: DropCounter;

  constructor(provider: MeterProvider, drops: DropCounter) {
    this.#provider = provider;
    this.#drops = drops;
  }

  /** @param takePoints cumulative */
  observe(takePoints: () => MetricPoints): void {
    try {
      const meter = this.#meter(SCOPE_NAME);
      const instruments = new Map(SUMS.map((key): [string, Observable] => [metrics[key].name, createSum(meter, key)]));
      const callback = (result: BatchObservableResult) => this.#observe(result, takePoints, instruments);
      meter.addBatchObservableCallback(callback, [...instruments.values()]);
    } catch (error) {
      this.#drops.addError(error);
    }
  }

  listenTo(model: Attributes, layout: ModelLayout): CountListener {
    const { plan, scoreColumn, valueColumn, contributionColumn } = layout;
    const scope = [model[attr.modelName], model[attr.modelVersion], model[attr.deploymentRole]].join("/");
    const create = (key: ServiceMetric, boundaries: readonly number[] | null, column: number, feature?: string) => ({
      column,
      attributes: feature === undefined ? model : { ...model, [attr.featureName]: feature },
      histogram: this.#histogram(`${scope}/${feature ?? key}`, key, boundaries),
    });
    const columns = plan.numeric.map(({ name, boundaries }, index) => create("featureValue", boundaries, index, name));
    columns.push(create("predictionScore", plan.scoreBoundaries, scoreColumn));
    columns.push(create("predictionValue", plan.valueBoundaries, valueColumn));
    if (contributionColumn >= 0) columns.push(create("ensembleContribution", null, contributionColumn));
    const duration = this.#histogram(scope, "inferenceDuration", DURATION_BOUNDARIES);
    const batchSize = this.#histogram(scope, "inferenceBatchSize", BATCH_SIZE_BOUNDARIES);
    return {
      onPrediction({ row, bins }) {
        for (const { column, attributes, histogram } of columns) {
          if (bins[column]! >= 0) histogram.record(row[column]!, attributes);
        }
      },
      onCall(size, { durationSeconds }) {
        batchSize.record(size, model);
        if (isDuration(durationSeconds)) duration.record(durationSeconds, model);
      },
    };
  }

  #observe(
    result: BatchObservableResult,
    takePoints: () => MetricPoints,
    instruments: ReadonlyMap<string, Observable>,
  ): void {
    try {
      for (const { descriptor, dataPointType, dataPoints } of takePoints().toMetricData()) {
        const instrument = instruments.get(descriptor.name);
        if (dataPointType !== SUM_POINTS || instrument === undefined) continue;
        for (const { value, attributes } of dataPoints) result.observe(instrument, value, attributes);
      }
    } catch (error) {
      this.#drops.addError(error);
    }
  }

  #meter(name: string): Meter {
    return this.#provider.getMeter(name, undefined, { schemaUrl: SCHEMA_URL });
  }

  /** Without boundaries the host's default ones, or what its views say. */
  #histogram(scope: string, key: ServiceMetric, boundaries: readonly number[] | null): Histogram {
    const { name, unit, meaning } = metrics[key];
    const advice = boundaries === null ? {} : { advice: { explicitBucketBoundaries: [...boundaries] } };
    return this.#meter(`${SCOPE_NAME}/${scope}`).createHistogram(name, { unit, description: meaning, ...advice });
  }
}

function createSum(meter: Meter, key: ServiceMetric): Observable {
  const { name, unit, meaning, instrument } = metrics[key];
  const options = { unit, description: meaning, valueType: ValueType.DOUBLE };
  return instrument === "counter"
    ? meter.createObservableCounter(name, options)
    : meter.createObservableUpDownCounter(name, options);
}
