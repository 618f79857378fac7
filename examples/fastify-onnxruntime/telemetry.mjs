// The stock OpenTelemetry SDK, configured by the environment alone. A service that has one already keeps its own.
import { NodeSDK } from "@opentelemetry/sdk-node";

const sdk = new NodeSDK();
sdk.start();
for (const signal of ["SIGTERM", "SIGINT"]) process.once(signal, () => sdk.shutdown().finally(() => process.exit(0)));
