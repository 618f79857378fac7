import { registerInstrumentations } from "@opentelemetry/instrumentation";
import * as logs from "@opentelemetry/sdk-logs";
import * as metrics from "@opentelemetry/sdk-metrics";
import * as trace from "@opentelemetry/sdk-trace";
import { TidemarkInstrumentation } from "@tidemark/instrumentation";
import startHost from "./host.cjs";

startHost({ logs, metrics, trace, registerInstrumentations, TidemarkInstrumentation });
