import { Session } from "chdb";
import { datasetFile } from "./dataset-file.ts";
import { featureTables, flightRows } from "./feature-sql.ts";

/** Which flights to write: those of a span of departure times (`toMs` excluded), thinned to a share by a hash. */
export interface FlightSelection {
  readonly fromMs?: number;
  readonly toMs?: number;
  /** Share of the flights to keep, in (0, 1]: always the same flights. Default 1. */
  readonly share?: number;
}

const INPUTS = "hour, weekday, distance, origin, destination, inbound_delay";
const LAST_MS = Date.UTC(2100, 0, 1);

/**
 * The model's inputs and outcomes for all three million flights, by SQL in an embedded ClickHouse. A flight's inputs
 * hold only what was known when it left.
 */
export class FlightFeatures {
  readonly #session = new Session();

  /** Reads the data set and computes the features: about three seconds and 400 MB. */
  static async compute(): Promise<FlightFeatures> {
    const features = new FlightFeatures();
    for (const statement of featureTables(datasetFile())) await features.#session.queryAsync(statement);
    return features;
  }

  /** Parquet with the columns id, departure, outcome and one for each input, ordered by departure. */
  writeParquet(file: string, selection: FlightSelection = {}): Promise<void> {
    const columns = `id, fromUnixTimestamp64Milli(departure_ms::Int64, 'UTC') AS departure, outcome, ${INPUTS}`;
    return this.#write(file, "Parquet", columns, selection);
  }

  /** The lines that `readFlights` reads, ordered by departure. */
  writeLines(file: string, selection: FlightSelection = {}): Promise<void> {
    return this.#write(file, "JSONCompactEachRow", `id, departure_ms, landing_ms, outcome, ${INPUTS}`, selection);
  }

  /** JSON lines of departure_ms, the delay in minutes, and the inputs, ordered by departure. */
  writeDelays(file: string, selection: FlightSelection = {}): Promise<void> {
    return this.#write(file, "JSONCompactEachRow", `departure_ms, delay, ${INPUTS}`, selection);
  }

  close(): void {
    this.#session.close();
  }

  async #write(file: string, format: string, columns: string, selection: FlightSelection): Promise<void> {
    const { fromMs = 0, toMs = LAST_MS, share = 1 } = selection;
    await this.#session.queryAsync(`
      INSERT INTO FUNCTION file('${file.replaceAll("'", "\\'")}', '${format}')
      ${flightRows(columns, fromMs, toMs, share)}
      SETTINGS engine_file_truncate_on_insert = 1, output_format_json_quote_64bit_integers = 0`);
  }
}
