import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import type { Answer, Departure } from "../flights/flight.ts";
import { BadRequest, parseDepartures } from "./parse-departures.ts";

const MAX_BODY_BYTES = 4 * 1024 * 1024;

/** `POST /predict` with a JSON array of departures answers an array of answers; `GET /healthz` says that it lives. */
export function createPredictionServer(predict: (departures: Departure[]) => Promise<Answer[]>): Server {
  return createServer((request, response) => {
    answer(request, response, predict).catch((error: unknown) => sendError(response, error));
  });
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  predict: (departures: Departure[]) => Promise<Answer[]>,
): Promise<void> {
  const route = `${request.method} ${request.url}`;
  if (route === "GET /healthz") return sendJson(response, 200, { status: "ok" });
  if (route !== "POST /predict") throw new BadRequest(`no such route: ${route}; there is POST /predict`, 404);
  sendJson(response, 200, await predict(parseDepartures(await readBody(request))));
}

async function readBody(request: IncomingMessage): Promise<string> {
  const length = Number(request.headers["content-length"]);
  if (!(length <= MAX_BODY_BYTES)) {
    throw new BadRequest(`the body needs a content-length of at most ${MAX_BODY_BYTES} bytes`, 413);
  }
  return text(request);
}

function sendError(response: ServerResponse, error: unknown): void {
  if (!(error instanceof BadRequest)) console.error(error);
  const [status, message] = error instanceof BadRequest ? [error.status, error.message] : [500, "the model failed"];
  sendJson(response, status, { error: message });
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
