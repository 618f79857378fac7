import type { Handler } from "./http-server.ts";
import { answerOtlp, type OtlpEndpointOptions, type OtlpSignal } from "./otlp-endpoint.ts";

const PATHS: Readonly<Record<string, OtlpSignal>> = {
  "/v1/logs": "logs",
  "/v1/metrics": "metrics",
  "/v1/traces": "traces",
};

/** Takes what comes to OTLP's paths, and leaves every other to a handler. */
export function withOtlp(options: OtlpEndpointOptions, otherwise: Handler): Handler {
  return (request) => {
    const signal = PATHS[request.url?.split("?", 1)[0] ?? ""];
    return signal === undefined ? otherwise(request) : answerOtlp(request, signal, options);
  };
}
