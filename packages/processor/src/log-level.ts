/** OTEL_LOG_LEVEL's words beside pino's own. */
const LEVELS: Readonly<Record<string, string>> = { none: "silent", verbose: "trace", all: "trace" };
const OWN: ReadonlySet<string> = new Set(["fatal", "error", "warn", "info", "debug", "trace", "silent"]);

/** How much is logged, by OTEL_LOG_LEVEL as OpenTelemetry's SDKs have it; `info` where it says nothing that is known. */
export function logLevel(env: Readonly<Record<string, string | undefined>>): string {
  const asked = env["OTEL_LOG_LEVEL"]?.toLowerCase() ?? "";
  const level = LEVELS[asked] ?? asked;
  return OWN.has(level) ? level : "info";
}
