import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { OTLPLogExporter } from "@opentelemetry/exporter-logs-otlp-proto";
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-proto";
import { BatchLogRecordProcessor, LoggerProvider } from "@opentelemetry/sdk-logs";
import { MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { createTidemark, type ProfileJson } from "@tidemark/instrumentation";
import { FEATURES, type Flight, MODEL_NAME } from "../../../examples/flights/src/flights/flight.ts";
import { readFlights } from "../../../examples/flights/src/flights/read-flights.ts";
import { FlightDelayModel } from "../../../examples/flights/src/model/flight-delay-model.ts";
import { predictAndRecord } from "../../../examples/flights/src/service/predict-and-record.ts";

/** Score from which a version says `late`; the model's own, or one that somebody set wrong. */
export type Thresholds = Record<"1" | "2", number | null>;

export interface FlightDesk extends AsyncDisposable {
  /** May be changed while it runs: a release that goes wrong. */
  readonly thresholds: Thresholds;
  /** Predictions made so far, by version. */
  readonly served: Readonly<Record<"1" | "2", number>>;
}

export interface DeskOptions {
  /** Address of the processor. */
  readonly processor: string;
  readonly flightsFile: string;
  readonly profileFile: string;
  readonly flagFile: string;
}

const TICK_MS = 1_000;
const FLIGHTS_A_TICK = 100;
/** A prime, so that every flight has its turn. */
const STRIDE = 7_919;

/**
 * Two versions of the flight model side by side, as services run them: real flights leave now, whichever version the
 * flag `flight-model` of a flagd file names answers, and the truth is told at once.
 */
export async function startFlightDesk({
  processor,
  flightsFile,
  profileFile,
  flagFile,
}: DeskOptions): Promise<FlightDesk> {
  const model = await FlightDelayModel.load();
  const provider = new LoggerProvider({
    processors: [
      new BatchLogRecordProcessor({
        exporter: new OTLPLogExporter({ url: `${processor}/v1/logs` }),
        scheduledDelayMillis: 200,
        maxQueueSize: 20_000,
        maxExportBatchSize: 2_000,
      }),
    ],
  });
  const tidemark = createTidemark({ loggerProvider: provider });
  const meters = new MeterProvider({
    readers: [
      new PeriodicExportingMetricReader({
        exporter: new OTLPMetricExporter({ url: `${processor}/v1/metrics` }),
        exportIntervalMillis: TICK_MS,
        metricProducers: [tidemark.metricProducer],
      }),
    ],
  });
  const profile = JSON.parse(readFileSync(profileFile, "utf8")) as ProfileJson;
  const describe = (version: string) =>
    tidemark.describeModel({ name: MODEL_NAME, version, type: "classification", features: FEATURES, profile });
  const recorders = { "1": describe("1"), "2": describe("2") };
  const thresholds: Thresholds = { "1": null, "2": null };
  const served = { "1": 0, "2": 0 };
  const flights = spread(flightsFile);

  const tick = async (): Promise<void> => {
    const { flags } = JSON.parse(readFileSync(flagFile, "utf8"));
    const version = flags["flight-model"].defaultVariant as "1" | "2";
    const threshold = thresholds[version];
    const leaving = await take(flights, FLIGHTS_A_TICK);
    const departures = leaving.map(({ departure }) => ({ ...departure, id: randomUUID(), departureMs: Date.now() }));
    const serving = {
      predict: (inputs: Parameters<FlightDelayModel["predict"]>[0]) => model.predict(inputs),
      labelOf: (score: number) =>
        threshold === null ? model.labelOf(score) : score >= threshold ? ("late" as const) : ("on_time" as const),
    };
    await predictAndRecord(serving, recorders[version], departures);
    departures.forEach(({ id }, index) => {
      tidemark.recordOutcome(MODEL_NAME, { id, kind: "class", label: leaving[index]!.outcome, timeMs: Date.now() });
    });
    served[version] += departures.length;
  };

  let failure: unknown = null;
  let running = Promise.resolve();
  const timer = setInterval(() => {
    running = running.then(tick).catch((error: unknown) => {
      failure = error;
    });
  }, TICK_MS);
  return {
    thresholds,
    served,
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await running;
      await Promise.all([provider.shutdown(), meters.shutdown()]);
      if (failure !== null) throw failure;
    },
  };
}

/** The flights of a file over and over, each minute's from the whole of it: the weather of no day decides a window. */
async function* spread(file: string): AsyncGenerator<Flight> {
  const flights: Flight[] = [];
  for await (const flight of readFlights(file)) flights.push(flight);
  for (let index = 0; ; index = (index + STRIDE) % flights.length) yield flights[index]!;
}

async function take(flights: AsyncIterator<Flight>, count: number): Promise<Flight[]> {
  const taken: Flight[] = [];
  while (taken.length < count) taken.push((await flights.next()).value as Flight);
  return taken;
}
