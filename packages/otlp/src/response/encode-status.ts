import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import type { OtlpEncoding } from "../decode-context.ts";

/** The body of an answer that is no success: a google.rpc.Status with its gRPC code (3 invalid argument, 14 unavailable, ...). */
export function encodeStatus(encoding: OtlpEncoding, grpcCode: number, message: string): Uint8Array {
  if (encoding === "json") return Buffer.from(JSON.stringify({ code: grpcCode, message }));
  return new BinaryWriter()
    .tag(1, WireType.Varint)
    .int32(grpcCode)
    .tag(2, WireType.LengthDelimited)
    .string(message)
    .finish();
}
