import { Metadata, ServerInterceptingCall, type ServerInterceptor, ServerListenerBuilder, status } from "@grpc/grpc-js";
import { encodeRetryStatus } from "@tidemark/otlp";
import { createRoom } from "./create-room.ts";
import { createFairShare } from "./fair-share.ts";
import type { OtlpEndpointOptions } from "./otlp-endpoint.ts";

export type GrpcFailure = { readonly code: status; readonly details: string; readonly metadata?: Metadata };

type Certificate = Parameters<OtlpEndpointOptions["access"]["authorize"]>[0]["certificate"];

/** Messages that may be arriving at a time: the library holds each until it is whole, and does not say how large it is. */
const MAX_ARRIVING = 32;
const RETRY_SECONDS = 1;

/**
 * Refuses by its headers a call that may not be or that there is no room for, and cuts off one whose message does not arrive.
 * @param arriveWithinMs How long a message may take from its headers to its end.
 */
export function grpcAdmission(options: OtlpEndpointOptions, arriveWithinMs: number): ServerInterceptor {
  const arriving = createRoom(MAX_ARRIVING, () => 0);
  const shares = createFairShare(MAX_ARRIVING);
  return (_method, call) => {
    let leave = () => {};
    const enter = (tenant: string): void => {
      arriving.take(1);
      shares.take(tenant, 1);
      const late = `the message did not arrive within ${arriveWithinMs / 1_000} s`;
      const timer = setTimeout(() => {
        leave();
        call.sendStatus({ code: status.DEADLINE_EXCEEDED, details: late, metadata: null });
      }, arriveWithinMs);
      leave = () => {
        clearTimeout(timer);
        arriving.give(1);
        shares.give(tenant, 1);
        leave = () => {};
      };
    };
    const admit = (metadata: Metadata): GrpcFailure | null => {
      const caller = authorizeCall(metadata, call.getAuthContext().sslPeerCertificate ?? null, options);
      if (typeof caller !== "string") return caller;
      const { room, shares: bytes } = options;
      if (!room.isLeft() || bytes.isOver(caller)) return tryLater(status.RESOURCE_EXHAUSTED, NO_ROOM);
      if (!arriving.isLeft() || shares.isOver(caller)) {
        return tryLater(status.RESOURCE_EXHAUSTED, "too many messages are arriving at once");
      }
      enter(caller);
      return null;
    };
    return new ServerInterceptingCall(call, {
      start: (next) =>
        next(
          new ServerListenerBuilder()
            .withOnReceiveMetadata((metadata, pass) => {
              const failure = admit(metadata);
              if (failure === null) pass(metadata);
              else call.sendStatus({ ...failure, metadata: failure.metadata ?? null });
            })
            .withOnReceiveMessage((message, pass) => {
              leave();
              pass(message);
            })
            .withOnCancel(() => leave())
            .build(),
        ),
    });
  };
}

export const NO_ROOM = "too many records wait to be stored";

/** The tenant that a call's credential names, or why it may not be. */
export function authorizeCall(
  metadata: Metadata,
  certificate: Certificate,
  { access }: Pick<OtlpEndpointOptions, "access">,
): string | GrpcFailure {
  const [authorization] = metadata.get("authorization");
  const headers = typeof authorization === "string" ? { authorization } : {};
  const caller = access.authorize({ headers, method: "POST", certificate }, "ingest");
  if (caller.kind === "allowed") return caller.principal.tenant;
  return { code: caller.status === 401 ? status.UNAUTHENTICATED : status.PERMISSION_DENIED, details: caller.message };
}

/** RESOURCE_EXHAUSTED is retryable only with RetryInfo, which also says when. */
export function tryLater(code: status, details: string): GrpcFailure {
  const metadata = new Metadata();
  metadata.set("grpc-status-details-bin", Buffer.from(encodeRetryStatus(code, details, RETRY_SECONDS)));
  return { code, details, metadata };
}
