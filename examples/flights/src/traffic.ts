// The world around the model service, as a process of its own: departures are asked about in the order of their time,
// and what became of them is reported when they land. Says how far it is in JSON lines on stdout.
//
//   --flights FILE    written by FlightFeatures.writeLines
//   --service URL     of the model service
//   --incident NAME   miles-to-km or nulls, from 1 May on; with --live from the start
//   --live            at real speed, as if the flights left now; else as fast as the service answers
//   OTEL_*            where outcomes go, OTEL_EXPORTER_OTLP_ENDPOINT above all
import { parseArgs } from "node:util";
import { readFlights } from "./flights/read-flights.ts";
import { askService } from "./traffic/ask-service.ts";
import { toBatches } from "./traffic/batches.ts";
import { INCIDENTS, type IncidentName, withIncident } from "./traffic/incidents.ts";
import { LandingBoard } from "./traffic/landing-board.ts";
import { liveFlights } from "./traffic/live-flights.ts";
import { OutcomeReporter } from "./traffic/outcome-reporter.ts";

const PROGRESS_EVERY_MS = 250;

const { flights, service, incident, live } = parseArgs({
  options: {
    flights: { type: "string" },
    service: { type: "string" },
    incident: { type: "string" },
    live: { type: "boolean" },
  },
}).values;
if (flights === undefined || service === undefined || (incident !== undefined && !(incident in INCIDENTS))) {
  console.error(
    `usage: traffic.ts --flights FILE --service URL [--live] [--incident ${Object.keys(INCIDENTS).join("|")}]`,
  );
  process.exit(2);
}

const board = new LandingBoard();
const outcomes = new OutcomeReporter();
let predictions = 0;
let printedMs = 0;

const batches = live ? liveFlights(readFlights(flights)) : toBatches(readFlights(flights));
for await (const batch of batches) {
  const departures = batch.map(({ departure }) => withIncident(departure, (incident as IncidentName) ?? null));
  const { departureMs } = departures[0]!;
  // What landed before is reported while the service thinks.
  await Promise.all([askService(service, departures), outcomes.report(board.takeLanded(departureMs))]);
  board.add(batch);
  predictions += batch.length;
  if (Date.now() - printedMs >= PROGRESS_EVERY_MS) printProgress("progress", departureMs);
}
await outcomes.report(board.takeAll());
await outcomes.close();
printProgress("done", null);

function printProgress(event: "progress" | "done", departureMs: number | null): void {
  printedMs = Date.now();
  console.log(JSON.stringify({ event, predictions, outcomes: outcomes.reported, departureMs }));
}
