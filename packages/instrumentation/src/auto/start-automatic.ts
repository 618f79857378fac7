import { DiagConsoleLogger, DiagLogLevel, diag } from "@opentelemetry/api";
import { TidemarkInstrumentation } from "./tidemark-instrumentation.ts";

/** Where @opentelemetry/api keeps what is registered; `diag` among it. */
const API_KEY = Symbol.for("opentelemetry.js.api.1");
/** Ours, so that loading the entry twice (by --import and by NODE_OPTIONS) instruments once. */
const INSTANCE_KEY = Symbol.for("tidemark.automatic");

/**
 * Instruments the process once and gives the instrumentation that does. Warnings go to the console unless the host has
 * set a diag logger: somebody who cannot change the code reads nothing else.
 */
export function startAutomatic(): TidemarkInstrumentation {
  const globals = globalThis as unknown as Record<symbol, unknown>;
  const running = globals[INSTANCE_KEY] as TidemarkInstrumentation | undefined;
  if (running !== undefined) return running;
  const registered = globals[API_KEY] as { diag?: unknown } | undefined;
  if (registered?.diag === undefined) diag.setLogger(new DiagConsoleLogger(), DiagLogLevel.WARN);
  const instrumentation = new TidemarkInstrumentation({ ownExport: true });
  globals[INSTANCE_KEY] = instrumentation;
  return instrumentation;
}
