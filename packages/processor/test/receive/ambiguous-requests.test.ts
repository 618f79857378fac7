// Requests that two readers may read as different ones: through a proxy they would carry a second request past its checks.
import assert from "node:assert/strict";
import { connect } from "node:net";
import { test } from "node:test";
import { pino } from "pino";
import { startHttpServer } from "../../src/receive/http-server.ts";

const HOST = "Host: 127.0.0.1";
const SECOND = `GET /second HTTP/1.1\r\n${HOST}\r\n\r\n`;

test("a request that could be read in two ways is refused, and nothing behind it is served", async (t) => {
  const served: string[] = [];
  const server = await startHttpServer(
    { host: "127.0.0.1", port: 0 },
    async (request) => {
      served.push(request.url!);
      for await (const _chunk of request);
      return { status: 200, contentType: "text/plain", body: "ok" };
    },
    pino({ level: "silent" }),
  );
  t.after(() => server.close());
  /** The status line of the answer, once the server has ended the connection. */
  const ask = (text: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
      let answer = "";
      socket.setTimeout(10_000, () => reject(new Error(`no end after ${JSON.stringify(text)}`)));
      socket.on("data", (chunk) => {
        answer += chunk.toString("latin1");
      });
      socket.on("error", () => undefined);
      socket.on("close", () => {
        socket.destroy();
        resolve(answer.split("\r\n", 1)[0]!);
      });
      socket.write(text);
    });
  const post = (headers: string, body: string) =>
    `POST /first HTTP/1.1\r\n${HOST}\r\n${headers}\r\n\r\n${body}${SECOND}`;
  const rows: [text: string, status: string][] = [
    [post("Content-Length: 4\r\nTransfer-Encoding: chunked", "2\r\n{}\r\n0\r\n\r\n"), "400"],
    [post("Content-Length: 2\r\nContent-Length: 40", "{}"), "400"],
    [post("Content-Length: +2", "{}"), "400"],
    [post("Content-Length : 2", "{}"), "400"],
    [post("Transfer-Encoding: xchunked", "{}"), "400"],
    [post("Transfer-Encoding: chunked, identity", "2\r\n{}\r\n0\r\n\r\n"), "400"],
    [post("X: a\r\n folded", ""), "400"],
    [post(`X: ${"a".repeat(20_000)}`, ""), "431"],
    [`CONNECT other.example:443 HTTP/1.1\r\n${HOST}\r\n\r\n${SECOND}`, ""],
  ];
  for (const [text, status] of rows) {
    const line = await ask(text);
    assert.equal(line.split(" ")[1] ?? "", status, JSON.stringify(text.slice(0, 120)));
    assert.ok(!served.includes("/second"), `what came behind was served: ${JSON.stringify(text.slice(0, 120))}`);
  }
});
