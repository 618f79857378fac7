import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import type { ProfileJson } from "@tidemark/instrumentation";

/** The two paths of a processor that profiles are fetched from. `answer` decides with what: a profile, or a status. */
export async function startProfileServer(answer: () => ProfileJson | number) {
  const asked: { readonly url: string; readonly headers: IncomingHttpHeaders }[] = [];
  const server = createServer(({ url, headers }, response) => {
    asked.push({ url: url!, headers });
    const active = answer();
    if (typeof active === "number") response.writeHead(active).end("no");
    else if (url === "/v1/profiles") {
      const { id, model } = active;
      const profiles = [
        { id: "sha256:old", model: model.name, version: "1", active: false },
        { id, model: model.name, version: "1", active: true },
      ];
      response.end(JSON.stringify({ profiles }));
    } else response.end(url === `/v1/profiles/${encodeURIComponent(active.id)}` ? JSON.stringify(active) : "{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () => void server.close().closeAllConnections(),
  };
}
