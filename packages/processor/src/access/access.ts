import type { IncomingMessage } from "node:http";
import type { Scope } from "@tidemark/schema";
import type { Principal } from "./principal.ts";

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
  authorize(request: IncomingMessage, scope: Scope): Authorization;
}
