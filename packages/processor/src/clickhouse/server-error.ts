import { ClickHouseError } from "@clickhouse/client";
import { TidemarkError } from "@tidemark/semconv";
import { withoutValues } from "../store/engine-error.ts";
import { writeObstacle } from "../store/write-obstacle.ts";

const NOT_ENOUGH_SPACE = "243";
/** CANNOT_WRITE_TO_FILE_DESCRIPTOR, CANNOT_OPEN_FILE, CANNOT_FSYNC, READONLY, TABLE_IS_READ_ONLY, CANNOT_CREATE_DIRECTORY. */
const CANNOT_WRITE: ReadonlySet<string> = new Set(["75", "76", "91", "164", "242", "408"]);
/** UNKNOWN_DATABASE, UNKNOWN_USER, WRONG_PASSWORD, REQUIRED_PASSWORD, ACCESS_DENIED, AUTHENTICATION_FAILED. */
const NOT_LET_IN: ReadonlySet<string> = new Set(["81", "192", "193", "194", "497", "516"]);
/**
 * TOO_MANY_SIMULTANEOUS_QUERIES, SOCKET_TIMEOUT, NETWORK_ERROR, NO_ZOOKEEPER, TABLE_IS_READ_ONLY, TOO_MANY_PARTS,
 * ALL_CONNECTION_TRIES_FAILED, TOO_FEW_LIVE_REPLICAS, UNSATISFIED_QUORUM_FOR_PREVIOUS_WRITE, REPLICA_IS_NOT_IN_QUORUM,
 * UNKNOWN_STATUS_OF_INSERT, KEEPER_EXCEPTION.
 */
const TRANSIENT: ReadonlySet<string> = new Set("202 209 210 225 242 252 279 285 286 289 319 999".split(" "));
/** Of this machine's disk, where an answer is written to a file. */
const OWN_DISK: ReadonlySet<unknown> = new Set(["ENOSPC", "EDQUOT", "EACCES", "EROFS", "EIO", "EMFILE", "ENFILE"]);
const REASON_CHARACTERS = 300;
export const FULL_SERVER = "the ClickHouse server (store.url) has no space left: free some on its disks";
export const FREE_SERVER = "Free space on the server's disks; the senders repeat what was not accepted.";

/** Whether the same statement may succeed in a moment: no answer came, or one that says so. */
export function isTransient(error: unknown): boolean {
  if (error instanceof ClickHouseError) return TRANSIENT.has(error.code);
  return !(error instanceof TidemarkError) && !isOwnDisk(error);
}

/**
 * An error of a server as a TidemarkError a person can act on; one of a statement keeps what the server says, without the values
 * of the statement. One of this machine stays as it is.
 */
export function toServerError(error: unknown, server: string): unknown {
  if (error instanceof TidemarkError || isOwnDisk(error)) return error;
  if (!(error instanceof ClickHouseError)) {
    const { message, code } = error as { message?: string; code?: unknown };
    return new TidemarkError(
      "storeUnreachable",
      `no answer from the ClickHouse server at ${server}: ${shorten(message || String(code))}`,
      { cause: error },
    );
  }
  // Never the error itself as a cause: the server repeats the statement's ids and names.
  const reason = shorten(withoutValues(error.message));
  if (error.code === NOT_ENOUGH_SPACE) {
    return new TidemarkError("storeFull", FULL_SERVER, { cause: new Error(reason), fix: FREE_SERVER });
  }
  if (CANNOT_WRITE.has(error.code)) {
    const obstacle = writeObstacle("", error.message);
    return new TidemarkError("storeUnwritable", `the ClickHouse server (store.url) cannot write: ${obstacle}`, {
      cause: new Error(reason),
      fix: "Mend the server's disk, replicas or Keeper, or let store.user write; what was acknowledged is not touched.",
    });
  }
  if (NOT_LET_IN.has(error.code)) {
    return new TidemarkError("storeUnreachable", `the ClickHouse server at ${server} refuses: ${reason}`, {
      fix: "Check store.user, store.passwordFile and store.database, and what the server grants that user.",
    });
  }
  return new Error(`Code: ${error.code}. ${reason}`);
}

function shorten(text: string): string {
  return text.slice(0, REASON_CHARACTERS).replaceAll("\n", " ");
}

function isOwnDisk(error: unknown): boolean {
  return error instanceof Error && "code" in error && OWN_DISK.has(error.code);
}
