import type { Scope } from "@tidemark/schema";

/** Who a request comes from, as its credential says. Nothing in the request itself can change it. */
export interface Principal {
  /** Name of the credential, for the audit log. */
  readonly name: string;
  readonly tenant: string;
  readonly scopes: ReadonlySet<Scope>;
}
