import { TidemarkError } from "@tidemark/semconv";
import type { EngineSession } from "./engine-session.ts";
import { createTableSql, type TableName, tables } from "./tables.ts";

/** Version of the tables that this program reads and writes; `migrateServer` must learn the same step for servers. */
export const STORE_VERSION = 13;

const PREDICTION = [...tables.prediction.columns.map(({ name }) => name), "rx", "ver"].join(", ");

/** Statements that lead from version n to n + 1, by n. */
const STEPS: readonly (() => readonly string[])[] = [
  () => (Object.keys(tables) as TableName[]).map((name) => createTableSql(name)),
  // Outcomes keep every different truth of an id: their key grew by the version.
  () => [
    "DROP TABLE IF EXISTS outcome_next",
    createTableSql("outcome", "outcome_next"),
    "INSERT INTO outcome_next SELECT * FROM outcome",
    // At once, so that a crash leaves the old table or the new one under the name.
    "EXCHANGE TABLES outcome AND outcome_next",
    "DROP TABLE outcome_next",
  ],
  () => [createTableSql("paired_minute")],
  () => [createTableSql("window_estimate")],
  () => [createTableSql("explanation")],
  () => [createTableSql("stream_look"), createTableSql("stream_state")],
  // Predictions with one id are told apart by their event time to the nanosecond: their key grew by it.
  () => [
    "DROP TABLE IF EXISTS prediction_next",
    createTableSql("prediction", "prediction_next"),
    `INSERT INTO prediction_next (${PREDICTION}) SELECT ${PREDICTION} FROM prediction SETTINGS max_partitions_per_insert_block = 0`,
    "EXCHANGE TABLES prediction AND prediction_next",
    "DROP TABLE prediction_next",
  ],
  () => [createTableSql("window_count")],
  () => [createTableSql("attribution")],
  () => [createTableSql("member_answer"), createTableSql("window_ensemble")],
  // The generation of a measurement's owner stands above its revision.
  () => ["ALTER TABLE measurement MODIFY COLUMN revision UInt64"],
  () => [createTableSql("vector"), "DROP TABLE IF EXISTS evaluation"],
  () => [createTableSql("class_probability")],
];

/**
 * Brings the tables to STORE_VERSION. Every step can be repeated, so an interrupted migration goes on at the next start.
 * Throws TidemarkError `storeCorrupt` for a folder of a newer version, which it leaves as it is.
 */
export async function migrate(
  session: EngineSession,
  path: string,
  beforeChange: () => void = () => undefined,
): Promise<void> {
  await run(
    session,
    "CREATE TABLE IF NOT EXISTS schema_version (version UInt32) ENGINE = ReplacingMergeTree ORDER BY version SETTINGS fsync_after_insert = 1, fsync_part_directory = 1",
  );
  const found = Number(await run(session, "SELECT max(version) FROM schema_version"));
  if (found > STORE_VERSION) {
    throw new TidemarkError(
      "storeCorrupt",
      `the data folder ${path} has version ${found}; this program knows versions up to ${STORE_VERSION}`,
      { fix: "Run the newer tidemark that wrote it, or name another folder in store.path." },
    );
  }
  if (found < STORE_VERSION) beforeChange();
  for (let version = found; version < STORE_VERSION; version++) {
    for (const statement of STEPS[version]?.() ?? []) await run(session, statement);
    await run(session, `INSERT INTO schema_version VALUES (${version + 1})`);
  }
}

async function run(session: EngineSession, sql: string): Promise<string> {
  return Buffer.from(await session.run(sql, {}, "TabSeparated")).toString("utf8");
}
