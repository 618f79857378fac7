import { writeFile } from "node:fs/promises";
import path from "node:path";
import type { AlertingRecord } from "@tidemark/responder";
import { TidemarkError } from "@tidemark/semconv";
import type { Command } from "commander";
import { callResponder } from "../config/call-responder.ts";
import { readToken, TOKEN_VARIABLE } from "../config/read-token.ts";
import { httpReadApi } from "../report/http-read-api.ts";
import { collectReview, type ReviewWish } from "../review/collect-review.ts";
import { reviewMarkdown } from "../review/review-markdown.ts";
import { reviewPage } from "../review/review-page.ts";
import { chosenPeriod, type ReviewPeriod } from "../review/review-period.ts";
import { writeReview } from "../review/write-review.ts";

interface ReviewCommandOptions {
  readonly weekly?: boolean;
  readonly monthly?: boolean;
  readonly from?: string;
  readonly to?: string;
  readonly url: string;
  readonly responder?: string;
  readonly tokenFile?: string;
  readonly processorTokenFile?: string;
  readonly model?: string;
  readonly output?: string;
}

/** `tidemark review`: what happened, why, and what is due, for the people who meet about it. */
export function registerReview(program: Command): void {
  program
    .command("review")
    .description("write the review of a week or a month: one HTML page and its Markdown")
    .option("--weekly", "the last whole week, from Monday (the default)")
    .option("--monthly", "the last whole month")
    .option("--from <day>", "first day of a period of your own, such as 2026-11-02")
    .option("--to <day>", "the day after its last")
    .option("--url <url>", "address of the processor", "http://127.0.0.1:4318")
    .option("--responder <url>", "address of the responder, whose cases and actions belong in it")
    .option("--token-file <file>", `file that holds your token for the responder; else the variable ${TOKEN_VARIABLE}`)
    .option(
      "--processor-token-file <file>",
      "file that holds a token of the scope read, where the processor asks for one",
    )
    .option("--model <name>", "only this model")
    .option("-o, --output <name>", "where to write it, without ending; else tidemark-review")
    .addHelpText(
      "after",
      `
A period is told in event time, and the last whole one is the last before the newest window.

Examples:
  tidemark review --weekly
  tidemark review --monthly --responder http://127.0.0.1:4320 --token-file ada.token -o october
  tidemark review --from 2026-10-01 --to 2026-11-01 --model churn`,
    )
    .action(async (options: ReviewCommandOptions) => {
      const review = writeReview(await collectReview(await sourcesOf(options), wantedOf(options)));
      const name = path.resolve(options.output ?? "tidemark-review");
      await Promise.all([
        writeFile(`${name}.html`, reviewPage(review)),
        writeFile(`${name}.md`, reviewMarkdown(review)),
      ]);
      for (const sentence of review.summary) console.log(sentence);
      console.log(`wrote ${name}.html and ${name}.md`);
    });
}

async function sourcesOf({ url, responder, tokenFile, processorTokenFile }: ReviewCommandOptions) {
  const token = processorTokenFile === undefined ? null : await readToken(processorTokenFile);
  const processor = httpReadApi(url, token);
  if (responder === undefined) return { processor };
  const connection = { url: responder, ...(tokenFile === undefined ? {} : { tokenFile }) };
  const alerting = ({ from, to }: ReviewPeriod, modelName?: string) => {
    const query = new URLSearchParams({ from, to, ...(modelName === undefined ? {} : { model: modelName }) });
    return callResponder<AlertingRecord>(connection, "GET", `/v1/alerting?${query}`);
  };
  return { processor, alerting };
}

function wantedOf({ weekly = false, monthly = false, from, to, model }: ReviewCommandOptions): ReviewWish {
  const chosen = [weekly, monthly, from !== undefined || to !== undefined].filter(Boolean).length;
  if (chosen > 1) throw new TidemarkError("usage", "give one of --weekly, --monthly, or --from with --to");
  if ((from === undefined) !== (to === undefined)) throw new TidemarkError("usage", "--from and --to go together");
  const wish: ReviewWish =
    from !== undefined && to !== undefined
      ? { period: chosenPeriod(from, to) }
      : { kind: monthly ? "monthly" : "weekly" };
  return { ...wish, ...(model === undefined ? {} : { modelName: model }) };
}
