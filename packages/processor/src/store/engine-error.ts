import { TidemarkError } from "@tidemark/semconv";
import { writeObstacle } from "./write-obstacle.ts";

const NOT_ENOUGH_SPACE = 243;
/** CANNOT_WRITE_TO_FILE_DESCRIPTOR, CANNOT_OPEN_FILE, CANNOT_FSYNC, CANNOT_CREATE_DIRECTORY. */
const CANNOT_WRITE: ReadonlySet<number> = new Set([75, 76, 91, 408]);
const UNWRITABLE: ReadonlySet<string> = new Set(["EACCES", "EPERM", "EROFS", "EIO", "EFBIG", "EMFILE", "ENFILE"]);

/** Number of a ClickHouse error (`Code: 243. DB::Exception: ...`), or null for any other error. */
function engineErrorCode(error: unknown): number | null {
  const match = /^Code: (\d+)\./.exec(error instanceof Error ? error.message : "");
  return match === null ? null : Number(match[1]);
}

/**
 * The same error, unless it says that the disk is full or cannot be written: then a TidemarkError that says so, in words that
 * anybody may read. What the engine says is kept beneath it, without the values of the statement.
 */
export function toStoreError(error: unknown): unknown {
  if (error instanceof TidemarkError) return error;
  const text = error instanceof Error ? error.message : String(error);
  const systemCode = error instanceof Error && "code" in error ? String(error.code) : "";
  const engineCode = engineErrorCode(error);
  const told = new Error(withoutValues(text));
  if (
    engineCode === NOT_ENOUGH_SPACE ||
    systemCode === "ENOSPC" ||
    /No space left on device|Disk quota exceeded/.test(text)
  ) {
    return new TidemarkError(
      "storeFull",
      "the disk that holds the data folder (store.path) is full: free space on it",
      {
        cause: told,
      },
    );
  }
  if (UNWRITABLE.has(systemCode) || (engineCode !== null && CANNOT_WRITE.has(engineCode))) {
    const obstacle = writeObstacle(systemCode, text);
    return new TidemarkError("storeUnwritable", `the data folder (store.path) cannot be written: ${obstacle}`, {
      cause: told,
    });
  }
  if (engineCode === null) return error;
  const kept = withoutValues(text);
  // Not as its cause: whoever logs an error logs that too.
  return kept === text ? error : new Error(kept);
}

/** Where the engine begins to repeat the statement. */
const STATEMENT = / In scope |: [Ww]hile (?:processing|executing) /;
const LITERAL = /'(?:\\.|[^'\\])*'?/gs;

/** What the engine says, without the literals of the statement that it repeats: ids and names that people sent. */
export function withoutValues(text: string): string {
  return text.split(STATEMENT, 1)[0]!.replaceAll(LITERAL, "'...'");
}
