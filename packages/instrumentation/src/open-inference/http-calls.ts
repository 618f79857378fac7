import { type ChannelListener, channel } from "node:diagnostics_channel";
import { errorMonitor } from "node:events";
import { ClientRequest, type IncomingMessage } from "node:http";
import type { CallInFlight, LibraryHost, Undo } from "../auto/library.ts";
import { wrapMethod } from "../auto/wrap-method.ts";
import { BodyCollector } from "./body-collector.ts";
import { inferredModel, readInference } from "./infer-messages.ts";

const FIRST_ERROR_STATUS = 400;

interface Exchange {
  readonly call: CallInFlight;
  readonly request: BodyCollector;
}

/**
 * Notes inferences that the host asks by node:http or node:https, and so by axios, got or node-fetch. Bodies are seen as
 * they pass: nothing is read in the host's place, and no listener is added that would change what Node does.
 */
export function watchHttp(host: LibraryHost): Undo {
  /** Null: looked at, and no inference. */
  const exchanges = new WeakMap<ClientRequest, Exchange | null>();

  const exchangeOf = (request: ClientRequest): Exchange | null => {
    const known = exchanges.get(request);
    if (known !== undefined) return known;
    const model = inferredModel(request.method, request.path);
    const exchange = model === null ? null : { call: host.start(model), request: new BodyCollector() };
    exchanges.set(request, exchange);
    if (exchange !== null) request.once(errorMonitor, (error: unknown) => fail(exchange, error));
    return exchange;
  };

  const undos = ["write", "end"].map((name) =>
    wrapMethod(ClientRequest.prototype, name, (original) => {
      return function (this: ClientRequest, ...args: unknown[]) {
        host.guard(() => exchangeOf(this)?.request.add(args[0], args[1]));
        return original.apply(this, args);
      };
    }),
  );

  const onResponse: ChannelListener = (message) => {
    const { request, response } = message as { request: ClientRequest; response: IncomingMessage };
    const exchange = exchanges.get(request);
    if (exchange != null) host.guard(() => followResponse(host, exchange, response));
  };
  const responses = channel("http.client.response.finish");
  responses.subscribe(onResponse);
  return () => {
    responses.unsubscribe(onResponse);
    for (const undo of undos) undo?.();
  };
}

/** Ends the call with the last chunk; a response that breaks off before is a failure. */
function followResponse(host: LibraryHost, exchange: Exchange, response: IncomingMessage): void {
  const { call, request } = exchange;
  const status = response.statusCode ?? 0;
  const collector = new BodyCollector();
  const push = response.push;
  response.push = function (this: IncomingMessage, chunk: unknown, encoding?: BufferEncoding) {
    host.guard(() => {
      if (chunk !== null) collector.add(chunk, encoding);
      else if (status >= FIRST_ERROR_STATUS) fail(exchange, String(status));
      else {
        const encoded = response.headers["content-encoding"];
        call.end(() => readInference(request.text(), collector.text(encoded)));
      }
    });
    return push.call(this, chunk, encoding);
  };
  response.once("close", () => fail(exchange, "aborted"));
}

function fail({ call, request }: Exchange, error: unknown): void {
  call.fail(error, () => readInference(request.text(), null).inputs);
}
