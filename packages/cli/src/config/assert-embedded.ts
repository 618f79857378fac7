import type { Config } from "@tidemark/schema";
import { TidemarkError } from "@tidemark/semconv";

/** Throws TidemarkError `backupElsewhere` where the configuration keeps the rows in a ClickHouse server. */
export function assertEmbedded({ store }: Config): void {
  if (store.url === undefined) return;
  throw new TidemarkError("backupElsewhere", `store.url keeps the rows in the ClickHouse server at ${store.url}`);
}
