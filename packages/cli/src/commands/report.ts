import { writeFile } from "node:fs/promises";
import path from "node:path";
import type { Command } from "commander";
import { readToken, TOKEN_VARIABLE } from "../config/read-token.ts";
import { collectReportData } from "../report/collect-report-data.ts";
import { httpReadApi } from "../report/http-read-api.ts";
import { renderReport } from "../report/render-report.ts";

/** `tidemark report`: one self-contained HTML page of what a running processor knows. */
export function registerReport(program: Command): void {
  program
    .command("report")
    .description("write the report of a running processor as one HTML page")
    .option("--url <url>", "address of the processor", "http://127.0.0.1:4318")
    .option("--token-file <file>", `file that holds a token of the scope read; else the variable ${TOKEN_VARIABLE}`)
    .option("--model <name>", "which model, where there are several")
    .option("-o, --output <file>", "where to write it", "tidemark-report.html")
    .addHelpText("after", "\nExample:\n  tidemark report --url http://127.0.0.1:4318 -o report.html")
    .action(async (options: { url: string; tokenFile?: string; model?: string; output: string }) => {
      const api = httpReadApi(options.url, await readToken(options.tokenFile));
      const data = await collectReportData(api, options.model);
      await writeFile(options.output, renderReport(data));
      console.log(`wrote ${path.resolve(options.output)}`);
    });
}
