import { readFileSync } from "node:fs";
import path from "node:path";
import { EngineSession } from "../../packages/processor/src/store/engine-session.ts";
import { root } from "../../scripts/run.ts";

/** Outcomes of the folder below: enough that its migration takes a while. */
export const OLD_OUTCOMES = 200_000;

/** A data folder as the first version of the store left it. */
export async function makeOldFolder(folder: string): Promise<void> {
  const file = path.join(root, "packages/processor/test/store/schemas/v1.sql");
  const statements = readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line.startsWith("CREATE"))
    .map((line) => line.replace(/;$/, ""));
  const session = new EngineSession(folder);
  for (const statement of [
    ...statements,
    "CREATE TABLE schema_version (version UInt32) ENGINE = ReplacingMergeTree ORDER BY version",
    "INSERT INTO schema_version VALUES (1)",
    `INSERT INTO outcome (tenant, model, id, ots, kind, label) SELECT 'default', 'flight-delay', toString(number),
      toDateTime64('2026-01-01 00:00:00', 9, 'UTC'), 'class', 'late' FROM numbers(${OLD_OUTCOMES})`,
  ]) {
    await session.run(statement, {}, "Null");
  }
  session.close();
  await EngineSession.drain();
}
