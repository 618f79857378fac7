import { resolve } from "node:path";
import type { SecureContextOptions } from "node:tls";
import type { Config, CredentialsFile } from "@tidemark/schema";
import { TidemarkError } from "@tidemark/semconv";
import type { Logger } from "pino";
import type { Access } from "./access.ts";
import type { AuditEvent, AuditLog } from "./audit-log.ts";
import { credentialAccess } from "./credential-access.ts";
import { createCredentials } from "./credentials.ts";
import { isLoopback } from "./is-loopback.ts";
import { openAccess } from "./open-access.ts";
import { readCredentials } from "./read-credentials.ts";
import { type Reloaded, reloaded } from "./reloaded.ts";
import { readTls, tlsPaths } from "./tls-files.ts";

export interface AccessOptions {
  readonly server: Config["server"];
  /** What relative paths start from. */
  readonly directory: string;
  readonly now: () => number;
  readonly audit: AuditLog;
  readonly logger: Logger;
}

export interface RunningAccess {
  readonly access: Access;
  /** Null where the server speaks plain HTTP. */
  readonly tls: ServerTls | null;
  close(): void;
}

export interface ServerTls {
  readonly options: SecureContextOptions;
  readonly requireClientCertificate: boolean;
  /** Calls back with each new certificate; connections that are open keep theirs. */
  onChange(listener: (options: SecureContextOptions) => void): void;
}

/** Throws TidemarkError `accessOpen` for an address beyond loopback without credentials. */
export function assertGuarded({ host, access }: Config["server"]): void {
  if (access.credentials !== undefined || isLoopback(host)) return;
  throw new TidemarkError("accessOpen", `server.host is ${host}, and server.access.credentials is not set`);
}

/**
 * Reads credentials and certificates and keeps reading them when their files change, each change audited by name.
 * Throws TidemarkError `credentialsInvalid` or `tlsInvalid`.
 */
export function startAccess(options: AccessOptions): RunningAccess {
  const { server, logger } = options;
  const { credentials: file } = server.access;
  if (server.tls === undefined && !isLoopback(server.host)) {
    logger.warn({ host: server.host }, "tokens and data cross the network unencrypted: server.tls is not set");
  }
  const tls = server.tls === undefined ? null : startTls(server.tls, options);
  if (file === undefined) return { access: openAccess(), tls, close: () => tls?.close() };
  try {
    const watched = watchCredentials(resolve(options.directory, file), options);
    const access = credentialAccess(() => watched.current().credentials, options.now);
    return {
      access,
      tls,
      close() {
        watched.close();
        tls?.close();
      },
    };
  } catch (error) {
    tls?.close();
    throw error;
  }
}

function watchCredentials(path: string, { audit, logger }: AccessOptions) {
  const load = () => {
    const file = readCredentials(path);
    return { file, credentials: createCredentials(file) };
  };
  return reloaded({
    paths: [path],
    load,
    onChange: ({ file }, before) => {
      const detail = differences(before.file, file);
      auditChange(audit, logger, "credentials.changed", detail);
      logger.info(detail, "the credentials were read again");
    },
    onFailure: (error) => logger.error({ err: error }, "the credentials are not in order; those before stay in force"),
  });
}

/** What is in force is in force, whether or not the disk has room to say so. */
function auditChange(audit: AuditLog, logger: Logger, action: string, detail: AuditEvent["detail"]): void {
  try {
    audit.append({ actor: "processor", tenant: "", action, detail });
  } catch (error) {
    logger.error({ err: error, action, detail }, "a change is in force and could not be audited");
  }
}

/** Names of what was added, removed and changed; never a digest. */
function differences(before: CredentialsFile, after: CredentialsFile) {
  const texts = (file: CredentialsFile) => new Map(file.credentials.map((one) => [one.name, JSON.stringify(one)]));
  const [old, young] = [texts(before), texts(after)];
  return {
    added: [...young.keys()].filter((name) => !old.has(name)),
    removed: [...old.keys()].filter((name) => !young.has(name)),
    changed: [...young.keys()].filter((name) => old.has(name) && old.get(name) !== young.get(name)),
  };
}

function startTls(
  config: NonNullable<Config["server"]["tls"]>,
  { directory, audit, logger }: AccessOptions,
): ServerTls & Pick<Reloaded<unknown>, "close"> {
  const listeners: ((options: SecureContextOptions) => void)[] = [];
  const files = reloaded({
    paths: tlsPaths(config, directory),
    load: () => readTls(config, directory),
    onChange: (options) => {
      for (const listener of listeners) listener(options);
      auditChange(audit, logger, "tls.changed", { file: config.certificate });
      logger.info("the TLS certificate was read again");
    },
    onFailure: (error) => logger.error({ err: error }, "the TLS files are not in order; those before stay in force"),
  });
  return {
    options: files.current(),
    requireClientCertificate: config.clientAuthorities !== undefined,
    onChange: (listener) => void listeners.push(listener),
    close: () => files.close(),
  };
}
