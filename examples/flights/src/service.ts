// The model service: a process of its own, as it would run in production.
//
//   HOST, PORT        where to listen; 127.0.0.1 and any free port unless given
//   TIDEMARK_PROFILE  the model's profile file: gives the histograms their boundaries
//   REPLAY            1: event time is the departures' own, see service/replay.ts
//   OTEL_*            the SDK's own variables, OTEL_EXPORTER_OTLP_ENDPOINT above all
import { readFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import type { ProfileJson } from "@tidemark/instrumentation";
import { FEATURES, MODEL_NAME, MODEL_VERSION } from "./flights/flight.ts";
import { FlightDelayModel } from "./model/flight-delay-model.ts";
import { createPredictionServer } from "./service/http-server.ts";
import { predictAndRecord } from "./service/predict-and-record.ts";
import { Replay } from "./service/replay.ts";
import { startTelemetry } from "./service/telemetry.ts";

const STOP_SIGNALS = ["SIGTERM", "SIGINT"] as const;
const { HOST = "127.0.0.1", PORT = "0", TIDEMARK_PROFILE, REPLAY } = process.env;

const telemetry = startTelemetry(REPLAY === "1");
const replay = REPLAY === "1" ? new Replay(telemetry) : null;
const model = await FlightDelayModel.load();
const recorder = telemetry.tidemark.describeModel({
  name: MODEL_NAME,
  version: MODEL_VERSION,
  type: "classification",
  features: FEATURES,
  // Enough to explain a change by; drift is read from the metrics, which count every value.
  events: { inputs: "all", inputShare: 0.25 },
  profile:
    TIDEMARK_PROFILE === undefined ? undefined : (JSON.parse(await readFile(TIDEMARK_PROFILE, "utf8")) as ProfileJson),
});

const server = createPredictionServer(async (departures) => {
  replay?.advanceTo(departures[0]?.departureMs ?? 0);
  const answers = await predictAndRecord(model, recorder, departures);
  await replay?.afterRequest(departures.length);
  return answers;
});
server.listen(Number(PORT), HOST, () => {
  const { port } = server.address() as AddressInfo;
  console.log(JSON.stringify({ event: "listening", url: `http://${HOST}:${port}` }));
});

/** Answers what has been asked, sends what has been recorded, and ends. */
async function stop(): Promise<void> {
  for (const signal of STOP_SIGNALS) process.removeListener(signal, stop);
  await new Promise((resolve) => server.close(resolve).closeIdleConnections());
  await replay?.end();
  await telemetry.shutdown();
}
for (const signal of STOP_SIGNALS) process.once(signal, stop);
