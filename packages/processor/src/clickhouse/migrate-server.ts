import { TidemarkError } from "@tidemark/semconv";
import { STORE_VERSION } from "../store/migrate.ts";
import { createTablesSql, createVersionTableSql, type ServerPlace } from "./server-tables.ts";

export interface ServerStatements {
  run(sql: string): Promise<void>;
  query<T>(sql: string): Promise<T[]>;
}

/**
 * Makes the tables of a database. Every statement can be repeated, so that what was interrupted goes on at the next start.
 * No database of a server is older than STORE_VERSION: the next version brings the first steps. Throws TidemarkError
 * `storeCorrupt` for a database of another version, which it leaves as it is.
 */
export async function migrateServer(server: ServerStatements, place: ServerPlace): Promise<void> {
  for (const statement of createVersionTableSql(place)) await server.run(statement);
  const [row] = await server.query<{ version: number }>("SELECT max(version) AS version FROM schema_version");
  const found = row?.version ?? 0;
  if (found === STORE_VERSION) return;
  if (found !== 0) {
    throw new TidemarkError(
      "storeCorrupt",
      `the database ${place.database} has version ${found}; this program knows version ${STORE_VERSION}`,
      { fix: "Run the tidemark that wrote it, or name another database in store.database." },
    );
  }
  for (const statement of createTablesSql(place)) await server.run(statement);
  await server.run(`INSERT INTO schema_version SELECT ${STORE_VERSION}`);
}
