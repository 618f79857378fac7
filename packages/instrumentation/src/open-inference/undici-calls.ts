import { type ChannelListener, subscribe, unsubscribe } from "node:diagnostics_channel";
import type { CallInFlight, LibraryHost, Undo } from "../auto/library.ts";
import { BodyCollector } from "./body-collector.ts";
import { inferredModel, readInference } from "./infer-messages.ts";

const FIRST_ERROR_STATUS = 400;

/** What undici's channels say; each has the request, which is the same object from first to last. */
interface UndiciMessage {
  readonly request: { readonly method?: string; readonly path?: string; readonly body?: unknown };
  readonly response?: { readonly statusCode: number; readonly headers: readonly Uint8Array[] };
  readonly chunk?: unknown;
  readonly error?: unknown;
}

interface Exchange {
  readonly call: CallInFlight;
  readonly request: BodyCollector;
  readonly response: BodyCollector;
  status: number;
  /** Content-encoding of the answer, whose chunks are published as they came. */
  encoding: string;
}

/**
 * Notes inferences that the host asks by the undici package, however it is imported, on undici's diagnostics channels.
 * Chunks of the answer are published by undici 7.11 and later; before, predictions are counted without their outputs.
 */
export function watchUndici(host: LibraryHost): Undo {
  const exchanges = new WeakMap<object, Exchange>();
  const listeners: Readonly<Record<string, (message: UndiciMessage, exchange: Exchange) => void>> = {
    bodyChunkSent: ({ chunk }, { request }) => request.add(chunk),
    headers: ({ response }, exchange) => {
      exchange.status = response?.statusCode ?? 0;
      exchange.encoding = headerOf(response?.headers ?? [], "content-encoding");
    },
    bodyChunkReceived: ({ chunk }, { response }) => response.add(chunk),
    trailers: ({ request }, exchange) => finish(exchange, request.body),
    error: ({ request, error }, exchange) => {
      const asked = requestText(exchange, request.body);
      exchange.call.fail(error, () => readInference(asked, null).inputs);
    },
  };
  const subscriptions: [string, ChannelListener][] = [
    ["undici:request:create", (message) => host.guard(() => start(host, exchanges, message as UndiciMessage))],
    ...Object.entries(listeners).map(([name, listen]): [string, ChannelListener] => [
      `undici:request:${name}`,
      (message) => {
        const exchange = exchanges.get((message as UndiciMessage).request);
        // What a listener throws would end the process.
        if (exchange !== undefined) host.guard(() => listen(message as UndiciMessage, exchange));
      },
    ]),
  ];
  for (const [name, listener] of subscriptions) subscribe(name, listener);
  return () => {
    for (const [name, listener] of subscriptions) unsubscribe(name, listener);
  };
}

function start(host: LibraryHost, exchanges: WeakMap<object, Exchange>, { request }: UndiciMessage): void {
  const model = inferredModel(request.method, request.path ?? "");
  if (model === null) return;
  exchanges.set(request, {
    call: host.start(model),
    request: new BodyCollector(),
    response: new BodyCollector(),
    status: 0,
    encoding: "",
  });
}

function finish(exchange: Exchange, body: unknown): void {
  const { call, response, status, encoding } = exchange;
  const asked = requestText(exchange, body);
  if (status >= FIRST_ERROR_STATUS) call.fail(String(status), () => readInference(asked, null).inputs);
  else call.end(() => readInference(asked, response.text(encoding)));
}

/** A header of a list in which each name is followed by its value; empty where it is absent. */
function headerOf(headers: readonly Uint8Array[], name: string): string {
  const index = headers.findIndex((entry, position) => position % 2 === 0 && String(entry).toLowerCase() === name);
  return index === -1 ? "" : String(headers[index + 1]).toLowerCase();
}

/** Where no chunk of the body was published, it may still be at hand. */
function requestText({ request }: Exchange, body: unknown): string | null {
  if (request.text() === null) request.add(body);
  return request.text();
}
