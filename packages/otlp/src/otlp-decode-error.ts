/** A request that is not OTLP at all: torn or malformed protobuf, no JSON, a field of the wrong JSON type. Answer 400. */
export class OtlpDecodeError extends Error {
  constructor(message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = "OtlpDecodeError";
  }
}
