import { Server, type ServerUnaryCall, type sendUnaryData, status } from "@grpc/grpc-js";
import { encodeExportResponse, type OtlpSignal } from "@tidemark/otlp";
import { TidemarkError } from "@tidemark/semconv";
import type { ServerTls } from "../access/start-access.ts";
import { authorizeCall, grpcAdmission, NO_ROOM, tryLater } from "./grpc-admission.ts";
import { grpcCredentials } from "./grpc-credentials.ts";
import type { IngestResult, OtlpEndpointOptions } from "./otlp-endpoint.ts";

export interface GrpcServer {
  /** `host:port` with the port really taken. */
  readonly address: string;
  /** Stops accepting and lets running calls end. */
  close(): Promise<void>;
}

const SERVICES: Readonly<Record<OtlpSignal, string>> = {
  logs: "/opentelemetry.proto.collector.logs.v1.LogsService/Export",
  metrics: "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export",
  traces: "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
};

const MAX_STREAMS = 100;
/** As long as a body may take over HTTP. */
const ARRIVE_WITHIN_MS = 60_000;
/** A connection without a call is closed after this time; one whose client does not answer a ping, too. */
const IDLE_MS = 120_000;
const PING_EVERY_MS = 30_000;
const PING_WITHIN_MS = 10_000;
/** Running calls that have not ended this long after close() are cut off. */
const CLOSE_GRACE_MS = 10_000;

/**
 * OTLP/gRPC beside OTLP/HTTP: the same access, limits and meaning of success. A call that may not be, or that there is no
 * room for, is refused by its headers, before its message is read.
 * Throws TidemarkError `portTaken` where another process listens on the address. Source: OTLP 1.11, "OTLP/gRPC".
 */
export async function startGrpcServer(
  { host, port }: { readonly host: string; readonly port: number },
  options: OtlpEndpointOptions,
  tls: ServerTls | null,
  { arriveWithinMs = ARRIVE_WITHIN_MS, idleMs = IDLE_MS }: { arriveWithinMs?: number; idleMs?: number } = {},
): Promise<GrpcServer> {
  const server = new Server({
    // One bound for both: the library checks what comes out of decompression against it.
    "grpc.max_receive_message_length": options.limits.maxRequestBytes,
    "grpc.max_concurrent_streams": MAX_STREAMS,
    "grpc.max_connection_idle_ms": idleMs,
    "grpc.keepalive_time_ms": PING_EVERY_MS,
    "grpc.keepalive_timeout_ms": PING_WITHIN_MS,
    interceptors: [grpcAdmission(options, arriveWithinMs)],
  });
  for (const [signal, path] of Object.entries(SERVICES) as [OtlpSignal, string][]) {
    server.addService(
      { Export: { path, requestStream: false, responseStream: false, ...BYTES } },
      {
        Export: (call: ServerUnaryCall<Buffer, Uint8Array>, done: sendUnaryData<Uint8Array>) =>
          void answer(call, done, signal, options),
      },
    );
  }
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`${host.includes(":") ? `[${host}]` : host}:${port}`, grpcCredentials(tls), (cause, taken) =>
      cause === null
        ? resolve(taken)
        : reject(new TidemarkError("portTaken", `cannot listen on ${host}:${port} for gRPC`, { cause })),
    );
  });
  return {
    address: `${host}:${bound}`,
    close: () =>
      new Promise((resolve) => {
        const cutOff = setTimeout(() => server.forceShutdown(), CLOSE_GRACE_MS);
        server.tryShutdown(() => {
          clearTimeout(cutOff);
          resolve();
        });
      }),
  };
}

/** Messages stay bytes: our own decoder reads them. */
const BYTES = {
  requestSerialize: (bytes: Buffer) => bytes,
  requestDeserialize: (bytes: Buffer) => bytes,
  responseSerialize: (bytes: Uint8Array) => Buffer.from(bytes),
  responseDeserialize: (bytes: Buffer) => bytes,
};

async function answer(
  call: ServerUnaryCall<Buffer, Uint8Array>,
  done: sendUnaryData<Uint8Array>,
  signal: OtlpSignal,
  { access, room, shares, canDecode, ingest }: OtlpEndpointOptions,
): Promise<void> {
  const { request: bytes, metadata } = call;
  // Between the headers and the message a credential may have been taken back, and others may have filled the room.
  const tenant = authorizeCall(metadata, call.getAuthContext().sslPeerCertificate ?? null, { access });
  if (typeof tenant !== "string") return done(tenant);
  if (!room.isLeft()) return done(tryLater(status.RESOURCE_EXHAUSTED, NO_ROOM));
  room.take(bytes.length);
  shares.take(tenant, bytes.length);
  try {
    if (!canDecode(bytes.length, "protobuf")) return done(tryLater(status.UNAVAILABLE, "not enough memory now"));
    finish(await ingest(signal, bytes, "protobuf", tenant), signal, done);
  } catch {
    done({ code: status.INTERNAL, details: "the processor could not answer this request" });
  } finally {
    room.give(bytes.length);
    shares.give(tenant, bytes.length);
  }
}

function finish(result: IngestResult, signal: OtlpSignal, done: sendUnaryData<Uint8Array>): void {
  switch (result.kind) {
    case "stored":
      done(null, encodeExportResponse(signal, "protobuf", result.rejections));
      break;
    case "undecodable":
      done({ code: status.INVALID_ARGUMENT, details: result.message });
      break;
    case "busy":
      done(tryLater(status.RESOURCE_EXHAUSTED, result.message));
      break;
    case "failed":
      done(tryLater(status.UNAVAILABLE, result.message));
      break;
  }
}
