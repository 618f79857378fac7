import type { ErrorDefinition } from "./definition.ts";

/** Every error code a person or a script may meet; the source of docs/reference/errors.md. */
export const errors = {
  nodeUnsupported: {
    code: "TIDEMARK_NODE_UNSUPPORTED",
    meaning: "The command was started by a Node.js that is too old for it.",
    fix: "Start it with the Node.js that the message names, or through `npx tidemark` where npm installed that one.",
  },
  configUnreadable: {
    code: "TIDEMARK_CONFIG_UNREADABLE",
    meaning: "The configuration file cannot be read or is not YAML.",
    fix: "Check the path and the syntax at the line named.",
  },
  configInvalid: {
    code: "TIDEMARK_CONFIG_INVALID",
    meaning: "A value in the configuration is not what was expected.",
    fix: "Change the value at the path named to what the message expects.",
  },
  configUnknownKey: {
    code: "TIDEMARK_CONFIG_UNKNOWN_KEY",
    meaning: "The configuration has a key that does not exist.",
    fix: "Use the nearest valid name that the message gives, or remove the key.",
  },
  profileUnreadable: {
    code: "TIDEMARK_PROFILE_UNREADABLE",
    meaning: "A profile file is missing, torn or does not match its content hash.",
    fix: "Make it again with `tidemark profile`.",
  },
  secretUnreadable: {
    code: "TIDEMARK_SECRET_UNREADABLE",
    meaning: "A file that holds a secret is missing, unreadable or too short to be one.",
    fix: "Write a secret of at least 16 characters into the file named, readable by this user alone.",
  },
  accessOpen: {
    code: "TIDEMARK_ACCESS_OPEN",
    meaning: "The processor would listen beyond this machine without asking who calls.",
    fix: "Make credentials with `tidemark token add` and name their file in server.access.credentials, or listen on 127.0.0.1.",
  },
  credentialsInvalid: {
    code: "TIDEMARK_CREDENTIALS_INVALID",
    meaning: "The file of credentials is missing or holds something that was not expected.",
    fix: "Change the place that the message names; `tidemark token add` writes entries that are in order.",
  },
  tlsInvalid: {
    code: "TIDEMARK_TLS_INVALID",
    meaning: "A TLS certificate, its key or an authority's certificate is missing, or they do not belong together.",
    fix: "Check the files that server.tls names.",
  },
  accessDenied: {
    code: "TIDEMARK_ACCESS_DENIED",
    meaning: "A request came without a credential, with an unknown or expired one, or with one that lacks the scope.",
    fix: "Send `Authorization: Bearer TOKEN` with a token of the scope named; `tidemark token add` makes one.",
  },
  dataUnreadable: {
    code: "TIDEMARK_DATA_UNREADABLE",
    meaning: "A data file cannot be read, or lacks a named column.",
    fix: "Check the path, the format and the column names.",
  },
  storeLocked: {
    code: "TIDEMARK_STORE_LOCKED",
    meaning: "Another process has the data folder open.",
    fix: "Stop it, or name another folder in store.path.",
  },
  storeCorrupt: {
    code: "TIDEMARK_STORE_CORRUPT",
    meaning: "The data folder is damaged or of an unknown version.",
    fix: "Restore it from a backup, or name another folder in store.path.",
  },
  backupInvalid: {
    code: "TIDEMARK_BACKUP_INVALID",
    meaning: "A folder is no complete backup, or one that this program cannot restore.",
    fix: "Name a folder that `tidemark backup` wrote and that has a backup.json.",
  },
  backupElsewhere: {
    code: "TIDEMARK_BACKUP_ELSEWHERE",
    meaning: "The rows are in a ClickHouse server, so that a copy of the data folder would not hold them.",
    fix: "Back the database up and restore it there, with BACKUP and RESTORE; copy store.path for the audit log.",
  },
  storeUnreachable: {
    code: "TIDEMARK_STORE_UNREACHABLE",
    meaning: "The ClickHouse server does not answer, or does not let the user in.",
    fix: "Check store.url, store.user and store.passwordFile, and that the server runs.",
  },
  configLosesData: {
    code: "TIDEMARK_CONFIG_LOSES_DATA",
    meaning: "A change of the configuration would lose data that is stored or that is being sent.",
    fix: "Take the change back, or start with --yes to lose what the message names.",
  },
  storeUnwritable: {
    code: "TIDEMARK_STORE_UNWRITABLE",
    meaning: "The data folder cannot be written: no permission, a read-only disk, or a disk that fails.",
    fix: "Let this user write the folder, or mend the disk; what was acknowledged is not touched.",
  },
  storeFull: {
    code: "TIDEMARK_STORE_FULL",
    meaning: "The disk that holds the data folder is full.",
    fix: "Free space; the senders repeat what was not accepted.",
  },
  storeBusy: {
    code: "TIDEMARK_STORE_BUSY",
    meaning: "More records wait to be stored than server.maxQueuedBytes allows.",
    fix: "The senders repeat what was not accepted; send less at once, or raise server.maxQueuedBytes.",
  },
  portTaken: {
    code: "TIDEMARK_PORT_TAKEN",
    meaning: "Another process listens on the configured address.",
    fix: "Stop it, or choose another server.port.",
  },
  processorUnreachable: {
    code: "TIDEMARK_PROCESSOR_UNREACHABLE",
    meaning: "No processor answers at the address given.",
    fix: "Start one with `tidemark serve`, or name its address with --url.",
  },
  responderUnreachable: {
    code: "TIDEMARK_RESPONDER_UNREACHABLE",
    meaning: "No responder answers at the address given.",
    fix: "Start one with `tidemark respond`, or name its address with --url.",
  },
  responderRefused: {
    code: "TIDEMARK_RESPONDER_REFUSED",
    meaning: "The responder did not do what it was asked; the message says why.",
    fix: "Change what the message names; a token that is not known or a role that is missing is its keeper's to give.",
  },
  requestInvalid: {
    code: "TIDEMARK_REQUEST_INVALID",
    meaning: "A request to the read API has a parameter or a body that was not expected.",
    fix: "Change what the message names; /v1/openapi.json lists what each path takes.",
  },
  notFound: {
    code: "TIDEMARK_NOT_FOUND",
    meaning: "There is nothing under the path or the id asked for.",
    fix: "List what there is at the path without the id; / lists the paths.",
  },
  internal: {
    code: "TIDEMARK_INTERNAL",
    meaning: "The processor could not answer; its log says why.",
    fix: "Repeat the request; report it with the log if it fails again.",
  },
  usage: {
    code: "TIDEMARK_USAGE",
    meaning: "A command was called in a way it does not understand.",
    fix: "See `tidemark COMMAND --help`.",
  },
} as const satisfies Record<string, ErrorDefinition>;

export type ErrorKey = keyof typeof errors;

/** An error a person can act on: a code from the table, a message that quotes value and expectation. */
export class TidemarkError extends Error {
  readonly code: string;
  readonly fix: string;

  constructor(key: ErrorKey, message: string, options?: { readonly cause?: unknown; readonly fix?: string }) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause });
    this.name = "TidemarkError";
    this.code = errors[key].code;
    this.fix = options?.fix ?? errors[key].fix;
  }
}
