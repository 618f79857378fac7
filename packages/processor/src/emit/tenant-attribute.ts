import { DEFAULT_TENANT } from "@tidemark/schema";
import { attr } from "@tidemark/semconv";

/** The tenant as a label, left out where the processor knows only one. */
export function tenantAttribute(tenant: string): Readonly<Record<string, string>> {
  return tenant === DEFAULT_TENANT ? {} : { [attr.tenant]: tenant };
}
