import { TidemarkError } from "@tidemark/semconv";

const NOT_ENOUGH_SPACE = 243;

/** Number of a ClickHouse error (`Code: 243. DB::Exception: ...`), or null for any other error. */
function engineErrorCode(error: unknown): number | null {
  const match = /^Code: (\d+)\./.exec(error instanceof Error ? error.message : "");
  return match === null ? null : Number(match[1]);
}

/** The same error, unless it says that the disk is full: then `TIDEMARK_STORE_FULL`. */
export function toStoreError(error: unknown, path: string): unknown {
  if (error instanceof TidemarkError) return error;
  const text = error instanceof Error ? error.message : String(error);
  const full =
    engineErrorCode(error) === NOT_ENOUGH_SPACE ||
    (error instanceof Error && "code" in error && error.code === "ENOSPC") ||
    /No space left on device|Disk quota exceeded/.test(text);
  return full ? new TidemarkError("storeFull", `no space left to store records in ${path}`, { cause: error }) : error;
}
