import { DEFAULT_TENANT, SCOPES } from "@tidemark/schema";
import type { Access, Authorization } from "./access.ts";
import { isLoopback } from "./is-loopback.ts";
import type { Principal } from "./principal.ts";

const LOCAL: Principal = { name: "local", tenant: DEFAULT_TENANT, scopes: new Set(SCOPES) };

/**
 * For a processor on loopback without credentials: whoever is on this machine may do everything. A page in a browser
 * is not that person: a request made under another host name (DNS rebinding) or from another origin is refused.
 */
export function openAccess(): Access {
  return {
    authorize({ headers }) {
      const host = headers.host === undefined ? null : hostOf(`http://${headers.host}`);
      if (host !== null && !isLoopback(host.name)) return foreign(`the host "${headers.host}" is not this machine`);
      const origin = headers.origin === undefined ? null : hostOf(headers.origin);
      if (headers.origin !== undefined && origin?.authority !== host?.authority) {
        return foreign(`a page of ${headers.origin} may not ask`);
      }
      return { kind: "allowed", principal: LOCAL };
    },
  };
}

function hostOf(url: string): { readonly name: string; readonly authority: string } | null {
  if (!URL.canParse(url)) return null;
  const { hostname, host } = new URL(url);
  return { name: hostname.replace(/^\[(.*)\]$/, "$1"), authority: host };
}

function foreign(message: string): Authorization {
  return {
    kind: "refused",
    status: 403,
    reason: "foreign_page",
    message: `${message}; set server.access.credentials to let others in`,
  };
}
