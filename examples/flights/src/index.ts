export { FEATURES, MODEL_NAME, MODEL_VERSION, REFERENCE } from "./flights/flight.ts";
export { FlightFeatures, type FlightSelection } from "./flights/flight-features.ts";
export { scoreFlights } from "./model/score-flights.ts";
export { processFiles } from "./process-files.ts";
export { INCIDENTS, type IncidentName } from "./traffic/incidents.ts";
