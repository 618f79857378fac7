import type { AuditLog } from "../access/audit-log.ts";
import { jsonAnswer } from "../receive/answer.ts";
import { parseQuery, querySchemas } from "./query-schemas.ts";
import type { Route } from "./routes.ts";

/** Who changed what: of every tenant, so it needs the scope of whoever keeps the processor. */
export function auditRoute(audit: AuditLog): Route {
  return {
    method: "GET",
    path: "/v1/audit",
    summary: "The newest changes, oldest first, and whether the log is whole.",
    scope: "admin",
    query: querySchemas.audit,
    answer: async ({ query }) => jsonAnswer(200, audit.read(parseQuery(querySchemas.audit, query).limit)),
  };
}
