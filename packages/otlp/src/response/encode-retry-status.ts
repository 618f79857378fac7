import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

const RETRY_INFO = "type.googleapis.com/google.rpc.RetryInfo";

/**
 * The trailer `grpc-status-details-bin` of an answer that asks to come again: a google.rpc.Status with RetryInfo.
 * Source: OTLP 1.11, "OTLP/gRPC Throttling".
 * @param retrySeconds Whole seconds to wait.
 */
export function encodeRetryStatus(grpcCode: number, message: string, retrySeconds: number): Uint8Array {
  // RetryInfo.retry_delay = 1, a Duration whose seconds = 1.
  const delay = new BinaryWriter().tag(1, WireType.Varint).int64(retrySeconds).finish();
  const info = new BinaryWriter().tag(1, WireType.LengthDelimited).bytes(delay).finish();
  const any = new BinaryWriter()
    .tag(1, WireType.LengthDelimited)
    .string(RETRY_INFO)
    .tag(2, WireType.LengthDelimited)
    .bytes(info)
    .finish();
  return new BinaryWriter()
    .tag(1, WireType.Varint)
    .int32(grpcCode)
    .tag(2, WireType.LengthDelimited)
    .string(message)
    .tag(3, WireType.LengthDelimited)
    .bytes(any)
    .finish();
}
