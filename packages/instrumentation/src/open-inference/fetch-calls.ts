import type { CallInFlight, LibraryHost, Undo } from "../auto/library.ts";
import { wrapMethod } from "../auto/wrap-method.ts";
import { BodyCollector, MAX_BODY_BYTES } from "./body-collector.ts";
import { inferredModel, readInference } from "./infer-messages.ts";

const FIRST_ERROR_STATUS = 400;

type Fetch = typeof globalThis.fetch;

/** Notes inferences that the host asks by the global `fetch`. Its response is read from a clone, beside the host. */
export function watchFetch(host: LibraryHost): Undo | undefined {
  return wrapMethod(globalThis, "fetch", (original) => {
    return function (this: unknown, ...args: Parameters<Fetch>) {
      const model = modelOf(...args);
      if (model === null) return original.apply(this, args);
      const call = host.start(model);
      const request = requestBody(...args).catch(() => null);
      // The same request goes through undici's channels, which are watched too.
      const answer: Promise<Response> = host.withoutNesting(() => original.apply(this, args));
      return answer.then(
        (response) => {
          host.guard(() => finish(call, request, response));
          return response;
        },
        (error: unknown) => {
          host.guard(() => fail(call, request, error));
          throw error;
        },
      );
    };
  });
}

function modelOf(input: Parameters<Fetch>[0], init: Parameters<Fetch>[1]) {
  try {
    const isRequest = input instanceof Request;
    return inferredModel(init?.method ?? (isRequest ? input.method : "GET"), isRequest ? input.url : String(input));
  } catch {
    return null;
  }
}

/** Streams are not read: that would take them from the host. Of a Request a copy is. */
async function requestBody(input: Parameters<Fetch>[0], init: Parameters<Fetch>[1]): Promise<string | null> {
  const body = init?.body;
  if (typeof body === "string") return body.length <= MAX_BODY_BYTES ? body : null;
  if (body instanceof ArrayBuffer || ArrayBuffer.isView(body)) {
    const bytes = ArrayBuffer.isView(body) ? new Uint8Array(body.buffer, body.byteOffset, body.byteLength) : body;
    return bytes.byteLength <= MAX_BODY_BYTES ? new TextDecoder().decode(bytes) : null;
  }
  return body == null && input instanceof Request ? readText(input.clone().body) : null;
}

function finish(call: CallInFlight, request: Promise<string | null>, response: Response): void {
  if (response.status >= FIRST_ERROR_STATUS) {
    fail(call, request, String(response.status));
    return;
  }
  let copy: Response["body"] = null;
  try {
    copy = isReadable(response) ? response.clone().body : null;
  } catch {
    // Somebody has locked the body already; the call is counted without its outputs.
  }
  Promise.all([request, readText(copy)]).then(
    ([asked, answered]) => call.end(() => readInference(asked, answered)),
    (error: unknown) => call.fail(error),
  );
}

function fail(call: CallInFlight, request: Promise<string | null>, error: unknown): void {
  void request.then((asked) => call.fail(error, () => readInference(asked, null).inputs));
}

function isReadable({ headers }: Response): boolean {
  const isJson = /json/i.test(headers.get("content-type") ?? "");
  return isJson && Number(headers.get("content-length") ?? 0) <= MAX_BODY_BYTES;
}

async function readText(body: ReadableStream<Uint8Array> | null): Promise<string | null> {
  if (body === null) return null;
  const collector = new BodyCollector();
  for await (const chunk of body) {
    collector.add(chunk);
    // To leave off cancels our copy of the body, so that nothing is kept for it while the host reads on.
    if (collector.isFull) break;
  }
  return collector.text();
}
