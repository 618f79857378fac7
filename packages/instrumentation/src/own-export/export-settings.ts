import { parsePairs } from "../config/parse-pairs.ts";

export interface ExportSettings {
  /** Of the OTLP/HTTP metrics endpoint. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly isCompressed: boolean;
  readonly intervalMs: number;
  readonly timeoutMs: number;
}

const DEFAULT_ENDPOINT = "http://localhost:4318";
const DEFAULT_INTERVAL_MS = 60_000;
const DEFAULT_TIMEOUT_MS = 10_000;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Where our own export sends points: where the host's SDK would, by the variables that it reads (OpenTelemetry
 * specification, "OTLP Exporter Configuration"). A text says why it cannot.
 *
 * @param endpoint given by our configuration; over all variables
 */
export function readExportSettings(env: Environment, endpoint: string | null): ExportSettings | string {
  const url = endpoint ?? endpointOf(env);
  if (url === null) {
    return (
      "the host's metrics do not go out by OTLP over HTTP (OTEL_METRICS_EXPORTER, OTEL_EXPORTER_OTLP_PROTOCOL); set " +
      "TIDEMARK_METRICS_ENDPOINT, such as http://localhost:4318/v1/metrics"
    );
  }
  if (!/^https?:\/\/./.test(url))
    return `the metrics endpoint is ${JSON.stringify(url)}, expected an http or https URL`;
  return {
    url,
    headers: {
      ...parsePairs(env["OTEL_EXPORTER_OTLP_HEADERS"]),
      ...parsePairs(env["OTEL_EXPORTER_OTLP_METRICS_HEADERS"]),
    },
    isCompressed: (ofMetrics(env, "COMPRESSION") ?? "none").toLowerCase() === "gzip",
    intervalMs: durationOf(env["OTEL_METRIC_EXPORT_INTERVAL"], DEFAULT_INTERVAL_MS),
    timeoutMs: durationOf(ofMetrics(env, "TIMEOUT"), DEFAULT_TIMEOUT_MS),
  };
}

function endpointOf(env: Environment): string | null {
  const exporters = env["OTEL_METRICS_EXPORTER"]?.split(",").map((name) => name.trim().toLowerCase());
  if (exporters !== undefined && exporters[0] !== "" && !exporters.includes("otlp")) return null;
  if (ofMetrics(env, "PROTOCOL")?.toLowerCase() === "grpc") return null;
  const own = env["OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"];
  if (own) return own;
  return `${(env["OTEL_EXPORTER_OTLP_ENDPOINT"] || DEFAULT_ENDPOINT).replace(/\/+$/, "")}/v1/metrics`;
}

function ofMetrics(env: Environment, name: string): string | undefined {
  return env[`OTEL_EXPORTER_OTLP_METRICS_${name}`] || env[`OTEL_EXPORTER_OTLP_${name}`] || undefined;
}

function durationOf(text: string | undefined, fallback: number): number {
  const milliseconds = Number(text);
  return text && Number.isFinite(milliseconds) && milliseconds > 0 ? milliseconds : fallback;
}
