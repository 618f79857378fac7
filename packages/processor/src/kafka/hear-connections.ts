import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { EventEmitter } from "node:events";

/** Where @platformatic/kafka tells of what it makes. */
const INSTANCES = "plt:kafka:instances";

/**
 * Listens to the errors of every connection that the client makes from now on. Version 2.12.1 says of a connection twice that
 * it failed where the broker refuses the client's certificate, the second time when it has stopped listening itself: nobody
 * hears it then, and an error that nobody hears ends the process. The client's own promises reject all the same.
 */
export function hearConnections(): void {
  unsubscribe(INSTANCES, hear);
  subscribe(INSTANCES, hear);
}

function hear(message: unknown): void {
  const { type, instance } = message as { readonly type: string; readonly instance: EventEmitter };
  if (type === "connection") instance.on("error", () => undefined);
}
