import { TidemarkError } from "@tidemark/semconv";
import { STORE_VERSION } from "../store/migrate.ts";
import {
  changeColumnSql,
  createTableOnSql,
  createTablesSql,
  createVersionTableSql,
  dropTableSql,
  type ServerPlace,
} from "./server-tables.ts";

export interface ServerStatements {
  run(sql: string): Promise<void>;
  query<T>(sql: string): Promise<T[]>;
}

/** Statements that lead a server's tables from version n to n + 1, by n. No database of a server is older than the first. */
const STEPS: Readonly<Record<number, (place: ServerPlace) => readonly string[]>> = {
  9: createTablesSql,
  10: (place) => changeColumnSql("measurement", "revision UInt64", place),
  11: (place) => [...createTableOnSql("vector", place), ...dropTableSql("evaluation", place)],
  12: (place) => createTableOnSql("class_probability", place),
};

/**
 * Makes the tables of a database, or brings them to STORE_VERSION. Every statement can be repeated, so that what was interrupted
 * goes on at the next start. Throws TidemarkError `storeCorrupt` for a database of a version that it does not know, which it
 * leaves as it is.
 */
export async function migrateServer(server: ServerStatements, place: ServerPlace): Promise<void> {
  for (const statement of createVersionTableSql(place)) await server.run(statement);
  const [row] = await server.query<{ version: number }>("SELECT max(version) AS version FROM schema_version");
  const found = row?.version ?? 0;
  if (found === STORE_VERSION) return;
  if (found !== 0 && !(found in STEPS)) {
    throw new TidemarkError(
      "storeCorrupt",
      `the database ${place.database} has version ${found}; this program knows version ${STORE_VERSION} and those back to ${Math.min(...Object.keys(STEPS).map(Number))}`,
      { fix: "Run the tidemark that wrote it, or name another database in store.database." },
    );
  }
  if (found === 0) {
    for (const statement of createTablesSql(place)) await server.run(statement);
    await server.run(`INSERT INTO schema_version SELECT ${STORE_VERSION}`);
    return;
  }
  for (let version = found; version < STORE_VERSION; version++) {
    for (const statement of STEPS[version]!(place)) await server.run(statement);
    await server.run(`INSERT INTO schema_version SELECT ${version + 1}`);
  }
}
