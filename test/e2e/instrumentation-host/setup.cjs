const { registerInstrumentations } = require("@opentelemetry/instrumentation");
const logs = require("@opentelemetry/sdk-logs");
const metrics = require("@opentelemetry/sdk-metrics");
const trace = require("@opentelemetry/sdk-trace");
const { TidemarkInstrumentation } = require("@tidemark/instrumentation");
const startHost = require("./host.cjs");

startHost({ logs, metrics, trace, registerInstrumentations, TidemarkInstrumentation });
