import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { type PeerCertificate, TLSSocket } from "node:tls";
import type { Scope } from "@tidemark/schema";
import type { Principal } from "./principal.ts";

/** What a request shows of whoever makes it. */
export interface Caller {
  readonly headers: Pick<IncomingHttpHeaders, "authorization" | "host" | "origin">;
  readonly method: string | undefined;
  /** The client's certificate, where the connection has one that an authority signed. */
  readonly certificate: Pick<PeerCertificate, "subject" | "subjectaltname"> | null;
}

export type RefusalReason =
  | "no_credential"
  | "unknown_credential"
  | "expired_credential"
  | "missing_scope"
  | "foreign_page";

export type Authorization =
  | { readonly kind: "allowed"; readonly principal: Principal }
  | {
      readonly kind: "refused";
      readonly status: 401 | 403;
      readonly reason: RefusalReason;
      readonly message: string;
      /** What a 401 tells the client to send. */
      readonly challenge?: string;
    };

/** Decides who a request comes from, and whether that one may do what it asks; before its body is read. */
export interface Access {
  authorize(caller: Caller, scope: Scope): Authorization;
}

export function callerOf({ headers, method, socket }: IncomingMessage): Caller {
  const certificate = socket instanceof TLSSocket && socket.authorized ? socket.getPeerCertificate() : null;
  return { headers, method, certificate };
}
