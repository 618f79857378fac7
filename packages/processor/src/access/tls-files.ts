import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { createSecureContext, type SecureContextOptions } from "node:tls";
import type { Config } from "@tidemark/schema";
import { TidemarkError } from "@tidemark/semconv";

export type TlsConfig = NonNullable<Config["server"]["tls"]>;

/** Paths of the files that a TLS configuration names. */
export function tlsPaths(config: TlsConfig, directory: string): string[] {
  const { certificate, key, clientAuthorities } = config;
  return [certificate, key, ...(clientAuthorities === undefined ? [] : [clientAuthorities])].map((path) =>
    resolve(directory, path),
  );
}

/** Reads certificate and key. Throws TidemarkError `tlsInvalid` where one is missing or they do not belong together. */
export function readTls(config: TlsConfig, directory: string): SecureContextOptions {
  try {
    const [cert, key, ca] = tlsPaths(config, directory).map((path) => readFileSync(path));
    const options: SecureContextOptions = { cert, key, minVersion: "TLSv1.2", ...(ca === undefined ? {} : { ca }) };
    createSecureContext(options);
    return options;
  } catch (cause) {
    const message = `the TLS files of ${config.certificate} cannot be used: ${(cause as Error).message}`;
    throw new TidemarkError("tlsInvalid", message, { cause });
  }
}
