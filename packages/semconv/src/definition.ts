/** How the value of an attribute travels in OTLP. */
export type AttributeType = "string" | "double" | "int" | "boolean" | "map";

/** Whether an emitter must send a name: always, when it knows it, or when asked to. */
export type Requirement = "required" | "recommended" | "opt_in";

export interface AttributeDefinition {
  readonly name: string;
  readonly type: AttributeType;
  readonly requirement: Requirement;
  /** One line that says what the value means. */
  readonly meaning: string;
  /** The closed set of values, where there is one. */
  readonly values?: readonly string[];
}

export type Instrument = "counter" | "updowncounter" | "gauge" | "histogram";

export interface MetricDefinition {
  readonly name: string;
  readonly instrument: Instrument;
  /** UCUM. */
  readonly unit: string;
  readonly meaning: string;
  /** Who sends it: the monitored service, the processor or the responder. */
  readonly emitter: "service" | "processor" | "responder";
}

export interface EventDefinition {
  readonly name: string;
  readonly severity: "INFO" | "WARN" | "ERROR";
  readonly meaning: string;
}

export interface ErrorDefinition {
  readonly code: string;
  readonly meaning: string;
  /** What the reader of the message should do. */
  readonly fix: string;
}

/** The bare names of a table, under the same keys: `names(attributes).modelName === "ml.model.name"`. */
export function names<T extends Record<string, { readonly name: string }>>(
  table: T,
): { readonly [K in keyof T]: T[K]["name"] } {
  return Object.fromEntries(Object.entries(table).map(([key, definition]) => [key, definition.name])) as {
    [K in keyof T]: T[K]["name"];
  };
}
