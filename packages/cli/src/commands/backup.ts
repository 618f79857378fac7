import path from "node:path";
import { type BackupDescription, backupStore, folderOwner, openStore } from "@tidemark/processor";
import type { Config } from "@tidemark/schema";
import { TidemarkError } from "@tidemark/semconv";
import type { Command } from "commander";
import { assertEmbedded } from "../config/assert-embedded.ts";
import { loadConfig } from "../config/load-config.ts";
import { readToken, TOKEN_VARIABLE } from "../config/read-token.ts";

/** `tidemark backup FILE`: a copy of everything that is stored, by the running processor or without one. */
export function registerBackup(program: Command): void {
  program
    .command("backup")
    .description("copy everything that is stored into a folder of backups")
    .argument("[file]", "the configuration", "tidemark.yaml")
    .option("--url <url>", "address of the running processor; else the one of the configuration")
    .option("--token-file <file>", `file that holds a token of the scope admin; else the variable ${TOKEN_VARIABLE}`)
    .addHelpText(
      "after",
      `
Asks the running processor, which goes on meanwhile; where none runs, opens the data folder itself. What was acknowledged
before is in the backup. Restore it with \`tidemark restore\`.

Example:
  tidemark backup tidemark.yaml`,
    )
    .action(async (file: string, options: { url?: string; tokenFile?: string }) => {
      const { config, directory } = await loadConfig(file);
      assertEmbedded(config);
      const folder = path.resolve(directory, config.store.backups);
      const isRunning = folderOwner(path.resolve(directory, config.store.path)) !== null;
      const { name, rows, time } = isRunning
        ? await ask(options.url ?? addressOf(config), await readToken(options.tokenFile))
        : await backUp(config, directory, folder);
      const total = Object.values(rows).reduce((sum, count) => sum + count, 0);
      console.log(`wrote ${path.join(folder, name)}: ${total.toLocaleString("en")} rows as of ${time}`);
    });
}

type NamedBackup = BackupDescription & { readonly name: string };

async function backUp(config: Config, directory: string, backups: string): Promise<NamedBackup> {
  const store = await openStore(path.resolve(directory, config.store.path), { backups });
  try {
    const name = new Date().toISOString().replaceAll(/[:.]/g, "-");
    return { name, ...(await backupStore(store, backups, name, Date.now)) };
  } finally {
    await store.close();
  }
}

function addressOf({ server: { host, port, tls } }: Config): string {
  const name = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  return `${tls === undefined ? "http" : "https"}://${name.includes(":") ? `[${name}]` : name}:${port}`;
}

async function ask(url: string, token: string | null): Promise<NamedBackup> {
  const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
  const response = await fetch(new URL("/v1/backups", url), { method: "POST", headers }).catch((cause: unknown) => {
    throw new TidemarkError("processorUnreachable", `nothing answers at ${url}`, { cause });
  });
  if (response.ok) return (await response.json()) as NamedBackup;
  const isDenied = response.status === 401 || response.status === 403;
  const message = `${url} answered ${response.status}: ${await response.text()}`;
  throw new TidemarkError(isDenied ? "accessDenied" : "processorUnreachable", message);
}
