import type { SecureContextOptions } from "node:tls";
import { experimental, ServerCredentials } from "@grpc/grpc-js";
import type { ServerTls } from "../access/start-access.ts";

/** Credentials of a gRPC server that follow the certificate, and the authorities of its clients, when their files change. */
export function grpcCredentials(tls: ServerTls | null): ServerCredentials {
  if (tls === null) return ServerCredentials.createInsecure();
  const authorities = new Set<experimental.CaCertificateUpdateListener>();
  const identities = new Set<experimental.IdentityCertificateUpdateListener>();
  let current = tls.options;
  const provider: experimental.CertificateProvider = {
    addCaCertificateListener(listener) {
      authorities.add(listener);
      listener(authorityOf(current));
    },
    removeCaCertificateListener: (listener) => void authorities.delete(listener),
    addIdentityCertificateListener(listener) {
      identities.add(listener);
      listener(identityOf(current));
    },
    removeIdentityCertificateListener: (listener) => void identities.delete(listener),
  };
  tls.onChange((options) => {
    current = options;
    for (const listener of authorities) listener(authorityOf(current));
    for (const listener of identities) listener(identityOf(current));
  });
  const required = tls.requireClientCertificate;
  // The library names the first two the other way round: the first is the server's own certificate.
  return experimental.createCertificateProviderServerCredentials(provider, required ? provider : null, required);
}

function authorityOf({ ca }: SecureContextOptions): experimental.CaCertificateUpdate {
  return { caCertificate: Buffer.from(String(ca)) };
}

function identityOf({ cert, key }: SecureContextOptions): experimental.IdentityCertificateUpdate {
  return { certificate: Buffer.from(String(cert)), privateKey: Buffer.from(String(key)) };
}
