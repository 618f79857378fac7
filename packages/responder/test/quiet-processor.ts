import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface QuietProcessor {
  readonly url: string;
  close(): void;
}

/** A processor that answers, and knows of no incident: without an answer nothing is changed. */
export async function startQuietProcessor(): Promise<QuietProcessor> {
  const server = createServer((_request, response) => response.end(JSON.stringify({ incidents: [] })));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
