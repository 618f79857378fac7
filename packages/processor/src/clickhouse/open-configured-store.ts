import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Config } from "@tidemark/schema";
import { TidemarkError } from "@tidemark/semconv";
import { openStore } from "../store/open-store.ts";
import type { Store } from "../store/store.ts";
import { openServerStore } from "./open-server-store.ts";

/**
 * Opens the store that a configuration names: the ClickHouse server of `store.url`, or the embedded engine.
 * Throws TidemarkError as `openStore` and `openServerStore` do, and `configInvalid` where the password cannot be read.
 */
export async function openConfiguredStore(
  config: Config["store"],
  directory: string,
  openEmbedded: typeof openStore = openStore,
): Promise<Store> {
  const path = resolve(directory, config.path);
  const { url, user = "default", passwordFile, database = "tidemark", cluster = null } = config;
  if (url === undefined) return openEmbedded(path, { backups: resolve(directory, config.backups) });
  const password = passwordFile === undefined ? "" : await readPassword(resolve(directory, passwordFile));
  return openServerStore({ path, url, user, password, database, cluster });
}

async function readPassword(file: string): Promise<string> {
  let password: string;
  try {
    password = (await readFile(file, "utf8")).trimEnd();
  } catch (cause) {
    const message = `store.passwordFile ${file} cannot be read: ${(cause as Error).message}`;
    throw new TidemarkError("configInvalid", message, { cause, fix: "Name a file that this user may read." });
  }
  if (password !== "") return password;
  throw new TidemarkError("configInvalid", `store.passwordFile ${file} is empty`, {
    fix: "Put the password in it, or leave store.passwordFile out where the user has none.",
  });
}
