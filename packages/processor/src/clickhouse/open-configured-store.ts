import { resolve } from "node:path";
import type { Config } from "@tidemark/schema";
import { readNamedFile } from "../read-named-file.ts";
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
  const password =
    passwordFile === undefined ? "" : await readNamedFile("store.passwordFile", resolve(directory, passwordFile));
  return openServerStore({ path, url, user, password, database, cluster });
}
