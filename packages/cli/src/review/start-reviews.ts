import path from "node:path";
import type { Responder } from "@tidemark/responder";
import type { ResponderConfig } from "@tidemark/schema";
import { readToken } from "../config/read-token.ts";
import { httpReadApi } from "../report/http-read-api.ts";
import { writeDueReviews } from "./write-due-reviews.ts";

const CHECK_MS = 60_000;

/** Writes the configured reviews when they are due, beside a responder that runs. One that fails is tried again. */
export function startReviews(
  responder: Pick<Responder, "alerting">,
  { reviews, processor, processorTokenFile }: ResponderConfig,
  directory: string,
): { stop(): Promise<void> } {
  if (reviews === undefined) return { stop: () => Promise.resolve() };
  const tokenFile = processorTokenFile === undefined ? undefined : path.resolve(directory, processorTokenFile);
  const alerting = async (period: Span) => responder.alerting(period);
  const folder = path.resolve(directory, reviews.folder);
  let running: Promise<void> = Promise.resolve();
  const look = () => {
    running = running.then(async () => {
      try {
        const token = tokenFile === undefined ? null : await readToken(tokenFile);
        const sources = { processor: httpReadApi(processor, token), alerting };
        const written = await writeDueReviews({ sources, kinds: reviews.every, folder, delayMs: reviews.delay });
        for (const file of written) console.log(`wrote the review ${file}`);
      } catch (error) {
        console.error(`a review could not be written and is tried again: ${(error as Error).message}`);
      }
    });
  };
  look();
  const timer = setInterval(look, CHECK_MS);
  return {
    stop() {
      clearInterval(timer);
      return running;
    },
  };
}

type Span = Parameters<Responder["alerting"]>[0];
