import {
  Metadata,
  Server,
  ServerCredentials,
  ServerInterceptingCall,
  type ServerInterceptor,
  ServerListenerBuilder,
  type ServerUnaryCall,
  type sendUnaryData,
  status,
} from "@grpc/grpc-js";
import { encodeExportResponse, encodeRetryStatus, type OtlpSignal } from "@tidemark/otlp";
import { TidemarkError } from "@tidemark/semconv";
import type { ServerTls } from "../access/start-access.ts";
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
const RETRY_SECONDS = 1;
/** Running calls that have not ended this long after close() are cut off. */
const CLOSE_GRACE_MS = 10_000;

type Failure = { readonly code: status; readonly details: string; readonly metadata?: Metadata };

/**
 * OTLP/gRPC beside OTLP/HTTP: the same access, limits and meaning of success. A call that may not be, or that there is no
 * room for, is refused by its headers, before its message is read.
 * Throws TidemarkError `portTaken` where another process listens on the address. Source: OTLP 1.11, "OTLP/gRPC".
 */
export async function startGrpcServer(
  { host, port }: { readonly host: string; readonly port: number },
  options: OtlpEndpointOptions,
  tls: ServerTls | null,
): Promise<GrpcServer> {
  const server = new Server({
    // One bound for both: the library checks what comes out of decompression against it.
    "grpc.max_receive_message_length": options.limits.maxRequestBytes,
    "grpc.max_concurrent_streams": MAX_STREAMS,
    interceptors: [admission(options)],
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
    server.bindAsync(`${host.includes(":") ? `[${host}]` : host}:${port}`, credentialsOf(tls), (cause, taken) =>
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

function credentialsOf(tls: ServerTls | null): ServerCredentials {
  if (tls === null) return ServerCredentials.createInsecure();
  const { cert, key, ca } = tls.options;
  const pair = { cert_chain: Buffer.from(String(cert)), private_key: Buffer.from(String(key)) };
  return ServerCredentials.createSsl(
    ca === undefined ? null : Buffer.from(String(ca)),
    [pair],
    tls.requireClientCertificate,
  );
}

function admission(options: OtlpEndpointOptions): ServerInterceptor {
  return (_method, call) =>
    new ServerInterceptingCall(call, {
      start: (next) =>
        next(
          new ServerListenerBuilder()
            .withOnReceiveMetadata((metadata, pass) => {
              const failure = refuse(metadata, call.getAuthContext().sslPeerCertificate ?? null, options);
              if (failure === null) pass(metadata);
              else call.sendStatus({ ...failure, metadata: failure.metadata ?? null });
            })
            .build(),
        ),
    });
}

function refuse(
  metadata: Metadata,
  certificate: Parameters<OtlpEndpointOptions["access"]["authorize"]>[0]["certificate"],
  { access, room, shares }: OtlpEndpointOptions,
): Failure | null {
  const caller = access.authorize({ headers: headersOf(metadata), method: "POST", certificate }, "ingest");
  if (caller.kind === "refused") {
    return { code: caller.status === 401 ? status.UNAUTHENTICATED : status.PERMISSION_DENIED, details: caller.message };
  }
  if (!room.isLeft() || shares.isOver(caller.principal.tenant)) {
    return tryLater(status.RESOURCE_EXHAUSTED, "too many records wait to be stored");
  }
  return null;
}

async function answer(
  call: ServerUnaryCall<Buffer, Uint8Array>,
  done: sendUnaryData<Uint8Array>,
  signal: OtlpSignal,
  { access, room, shares, canDecode, ingest }: OtlpEndpointOptions,
): Promise<void> {
  const { request: bytes, metadata } = call;
  const certificate = call.getAuthContext().sslPeerCertificate ?? null;
  const caller = access.authorize({ headers: headersOf(metadata), method: "POST", certificate }, "ingest");
  // Between the headers and the message a credential may have been taken back.
  if (caller.kind === "refused") return done({ code: status.UNAUTHENTICATED, details: caller.message });
  const { tenant } = caller.principal;
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

/** RESOURCE_EXHAUSTED is retryable only with RetryInfo, which also says when. */
function tryLater(code: status, details: string): Failure {
  const metadata = new Metadata();
  metadata.set("grpc-status-details-bin", Buffer.from(encodeRetryStatus(code, details, RETRY_SECONDS)));
  return { code, details, metadata };
}

function headersOf(metadata: Metadata): { authorization?: string } {
  const [authorization] = metadata.get("authorization");
  return typeof authorization === "string" ? { authorization } : {};
}
