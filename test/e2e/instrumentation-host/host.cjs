// A host's own OpenTelemetry, of whatever SDK line is installed: the providers are the SDK's, what they export is kept.
// At the end it prints one line of JSON that says what came.

/** @param sdk modules of the SDK, however they were loaded, and `TidemarkInstrumentation` */
module.exports = function startHost(sdk) {
  const events = [];
  const spans = [];
  let points = [];
  const nothing = async () => {};
  const logProcessor = {
    onEmit: ({ attributes }) => void events.push(attributes),
    forceFlush: nothing,
    shutdown: nothing,
  };
  const loggerProvider = new sdk.logs.LoggerProvider({ processors: [logProcessor] });
  // The first of the 2.x line took processors this way.
  loggerProvider.addLogRecordProcessor?.(logProcessor);
  const spanProcessor = {
    onStart() {},
    onEnd: ({ name }) => void spans.push(name),
    forceFlush: nothing,
    shutdown: nothing,
  };
  const TracerProvider = sdk.trace.BasicTracerProvider ?? sdk.trace.TracerProvider;
  const tracerProvider = new TracerProvider({ spanProcessors: [spanProcessor] });
  const instrumentation = new sdk.TidemarkInstrumentation();
  const reader = new sdk.metrics.PeriodicExportingMetricReader({
    exportIntervalMillis: 2 ** 31 - 1,
    metricProducers: [instrumentation.metricProducer],
    exporter: {
      export({ scopeMetrics }, done) {
        points = scopeMetrics
          .filter(({ scope }) => scope.name === "tidemark")
          .flatMap(({ metrics }) => metrics)
          .flatMap(({ descriptor, dataPoints }) =>
            dataPoints.map(({ attributes, value }) => ({ metric: descriptor.name, attributes, value })),
          );
        done({ code: 0 });
      },
      forceFlush: nothing,
      shutdown: nothing,
    },
  });
  const meterProvider = new sdk.metrics.MeterProvider({ readers: [reader] });
  sdk.registerInstrumentations({
    instrumentations: [instrumentation],
    loggerProvider,
    meterProvider,
    tracerProvider,
  });
  process.once("beforeExit", async () => {
    await reader.forceFlush();
    console.log(JSON.stringify({ points, events, spans, node: process.versions.node }));
  });
};
