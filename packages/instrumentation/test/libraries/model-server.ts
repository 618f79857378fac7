import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";

const ENCODERS: Readonly<Record<string, (json: string) => Buffer>> = {
  gzip: gzipSync,
  deflate: deflateSync,
  br: brotliCompressSync,
};

/**
 * A server of the Open Inference Protocol that adds up each row. Models named `broken` answer 500, `dumb` no
 * JSON, `squeezed-gzip` (or `deflate`, `br`) compressed.
 */
export async function startModelServer(): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer(async (request, response) => {
    const body = await text(request);
    if (!/\/infer(\?|$)/.test(request.url!) || request.method !== "POST") {
      response.writeHead(404).end();
      return;
    }
    if (request.url!.includes("broken")) {
      response.writeHead(500, { "content-type": "application/json" }).end('{"error":"no"}');
      return;
    }
    const { inputs } = JSON.parse(body) as { inputs: { shape: number[]; data: number[] }[] };
    const [{ shape, data }] = inputs as [(typeof inputs)[0]];
    const [rows = 0, width = 0] = shape;
    const sums = Array.from({ length: rows }, (_, row) =>
      data
        .flat()
        .slice(row * width, (row + 1) * width)
        .reduce((sum, value) => sum + value, 0),
    );
    const answer = {
      model_name: "sum",
      model_version: "7",
      outputs: [{ name: "total", datatype: "FP32", shape: [rows, 1], data: sums }],
    };
    // In two chunks: an answer is whole only at its end.
    const json = request.url!.includes("dumb") ? "no JSON" : JSON.stringify(answer);
    const encoding = /squeezed-(\w+)/.exec(request.url!)?.[1];
    const bytes = encoding === undefined ? Buffer.from(json) : ENCODERS[encoding]!(json);
    response.writeHead(200, {
      "content-type": "application/json",
      ...(encoding !== undefined && { "content-encoding": encoding }),
    });
    response.write(bytes.subarray(0, 5));
    response.end(bytes.subarray(5));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((resolve) => server.close(() => resolve()).closeAllConnections()),
  };
}

/** Where nobody listens. */
export async function unusedUrl(): Promise<string> {
  const { url, close } = await startModelServer();
  await close();
  return url;
}
