import { type ErrorKey, TidemarkError } from "@tidemark/semconv";

/** A request that the API refuses: an HTTP status and an error a person can act on. */
export class RequestError extends Error {
  readonly status: number;
  readonly error: TidemarkError;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    key: ErrorKey,
    message: string,
    fix?: string,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = "RequestError";
    this.status = status;
    this.headers = headers;
    this.error = new TidemarkError(key, message, fix === undefined ? {} : { fix });
  }
}
