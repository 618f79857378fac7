// Started by bench-onnx.ts: latency of a small onnxruntime model without and with the whole instrumentation, as JSON.
import { createRequire } from "node:module";
import path from "node:path";
import { type Context, context, type Link, type SpanKind, TraceFlags, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { LoggerProvider } from "@opentelemetry/sdk-logs";
import { BatchSpanProcessor, SamplingDecision, TracerProvider } from "@opentelemetry/sdk-trace";
import { TidemarkInstrumentation } from "@tidemark/instrumentation";

const MODEL = path.resolve(import.meta.dirname, "../../packages/instrumentation/test/fixtures/credit.onnx");
const [rounds = "20", callsPerBlock = "1000"] = process.argv.slice(2);

/** Exporters that take everything and send nothing: what is measured is the service, not a Collector. */
const nowhere = {
  export: (_items: unknown, done: (result: { code: number }) => void) => done({ code: 0 }),
  shutdown: async () => {},
  forceFlush: async () => {},
};
/** Calls at the start of a block that are not measured: another way of running has just had the caches. */
const SETTLING_CALLS = 100;
let isSampled = false;
const sampler = {
  shouldSample: (
    _context: Context,
    _trace: string,
    _name: string,
    _kind: SpanKind,
    _attributes: object,
    _links: Link[],
  ) => ({
    decision: isSampled ? SamplingDecision.RECORD_AND_SAMPLED : SamplingDecision.NOT_RECORD,
  }),
  toString: () => "switch",
};

context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
trace.setGlobalTracerProvider(
  new TracerProvider({ sampler, spanProcessors: [new BatchSpanProcessor({ exporter: nowhere })] }),
);
const unsampled = createInstrumentation("0.000001");
const sampled = createInstrumentation("1");

const require = createRequire(import.meta.url);
// Loaded while enabled, so that the hooks see it; the session is made on the class that they patch.
unsampled.enable();
const ort = require("onnxruntime-node") as typeof import("onnxruntime-node");
const session = await ort.InferenceSession.create(MODEL);
unsampled.disable();
const feeds = { features: new ort.Tensor("float32", Float32Array.of(35, 2_500, 1), [1, 3]) };

// Each way of running is taken from the class once: a patch that is made anew for each block would start cold each time,
// where a service's is made once and stays.
type Run = (this: object, feeds: object) => Promise<unknown>;
const sessionClass = (ort.InferenceSession as unknown as { readonly prototype: { readonly run: Run } }).prototype;
const runs: Readonly<Record<string, Run>> = {
  without: sessionClass.run,
  unsampled: patchedBy(unsampled),
  "without again": sessionClass.run,
  sampled: patchedBy(sampled),
};
const latencies = new Map(Object.keys(runs).map((mode): [string, number[]] => [mode, []]));
for (let round = -5; round < Number(rounds); round++) {
  for (const [mode, run] of Object.entries(runs)) {
    isSampled = mode === "sampled";
    await inRequest(() => runBlock(run, round < 0 ? [] : latencies.get(mode)!));
  }
}
const counted = await unsampled.tidemark.metricProducer.collect();
console.log(
  JSON.stringify({
    modes: Object.fromEntries([...latencies].map(([mode, values]) => [mode, quantiles(values)])),
    predictions: predictionsOf(counted),
  }),
);
process.exit(0);

function patchedBy(instrumentation: TidemarkInstrumentation): Run {
  instrumentation.enable();
  const { run } = sessionClass;
  instrumentation.disable();
  return run;
}

async function runBlock(run: Run, into: number[]): Promise<void> {
  for (let call = -SETTLING_CALLS; call < Number(callsPerBlock); call++) {
    const startMs = performance.now();
    await run.call(session, feeds);
    if (call >= 0) into.push((performance.now() - startMs) * 1e3);
  }
}

/** The span of a request that the service answers: sampled or not, as the calls below it are. */
function inRequest<T>(work: () => T): T {
  const span = trace.wrapSpanContext({
    traceId: "0af7651916cd43dd8448eb211c80319c",
    spanId: "b7ad6b7169203331",
    traceFlags: isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
  });
  return context.with(trace.setSpan(context.active(), span), work);
}

function createInstrumentation(probability: string): TidemarkInstrumentation {
  process.env["TIDEMARK_SAMPLING_PROBABILITY"] = probability;
  process.env["TIDEMARK_MODEL_NAME"] = "credit";
  const instrumentation = new TidemarkInstrumentation({ enabled: false, libraries: ["onnxruntime"] });
  const { tidemark } = instrumentation;
  instrumentation.setLoggerProvider(new LoggerProvider({ processors: [tidemark.recordProcessor(nowhere)] }));
  return instrumentation;
}

function quantiles(values: number[]): { readonly p50: number; readonly p90: number; readonly p99: number } {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))]!;
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99) };
}

/** That the instrumentation saw the calls: a benchmark of nothing would be quick. */
function predictionsOf({ resourceMetrics }: typeof counted): number {
  const metrics = resourceMetrics.scopeMetrics.flatMap(({ metrics: own }) => own);
  const found = metrics.find(({ descriptor }) => descriptor.name === "ml.inference.predictions");
  return (found?.dataPoints[0]?.value as number | undefined) ?? 0;
}
