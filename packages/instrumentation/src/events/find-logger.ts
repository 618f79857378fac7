import type { Context, HrTime } from "@opentelemetry/api";
import { SCHEMA_URL, SCOPE_NAME } from "@tidemark/semconv";

/** What an event needs of a logger: the Logs API of @opentelemetry/api 1.10, or of @opentelemetry/api-logs before it. */
export interface Logger {
  emit(record: LogRecord): void;
}

export interface LogRecord {
  eventName?: string;
  timestamp?: HrTime;
  severityNumber?: number;
  // biome-ignore lint/suspicious/noExplicitAny: the two API packages name the type of attribute values differently
  attributes?: any;
  context?: Context;
}

export interface LoggerProvider {
  getLogger(name: string, version?: string, options?: { schemaUrl?: string }): Logger;
}

/** Where @opentelemetry/api keeps its global providers (`logs` among them since 1.10). */
const API_KEY = Symbol.for("opentelemetry.js.api.1");
/** Where @opentelemetry/api-logs keeps its own: a function of the version of that API. */
const LOGS_API_KEY = Symbol.for("io.opentelemetry.js.api.logs");
const LOGS_API_VERSION = 1;

/**
 * The logger for our events: of the given provider, else of the global one. The global one is read where the two API
 * packages register it, not imported: by name it would not link against @opentelemetry/api 1.9, and their proxies do
 * not tell whether anything stands behind them. Null where no provider is registered (yet).
 */
export function findLogger(given: LoggerProvider | undefined): Logger | null {
  const provider = given ?? registeredLoggerProvider();
  return provider?.getLogger(SCOPE_NAME, undefined, { schemaUrl: SCHEMA_URL }) ?? null;
}

/** The global provider of either API; undefined while none is registered. */
export function registeredLoggerProvider(): LoggerProvider | undefined {
  return providerOfApi() ?? providerOfLogsApi();
}

function providerOfApi(): LoggerProvider | undefined {
  return (globalThis as unknown as Record<symbol, { logs?: LoggerProvider } | undefined>)[API_KEY]?.logs;
}

function providerOfLogsApi(): LoggerProvider | undefined {
  const getter = (globalThis as unknown as Record<symbol, unknown>)[LOGS_API_KEY];
  return typeof getter === "function" ? (getter(LOGS_API_VERSION) as LoggerProvider) : undefined;
}
