export { FEATURES, MODEL_NAME, REFERENCE } from "./flights/flight.ts";
export { FlightFeatures, type FlightSelection } from "./flights/flight-features.ts";
export { processFiles } from "./process-files.ts";
export { INCIDENTS, type IncidentName } from "./traffic/incidents.ts";
