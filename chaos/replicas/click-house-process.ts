import path from "node:path";
import { poll } from "../../test/e2e/tools/poll.ts";
import { type ServerProcess, startServer } from "../../test/e2e/tools/server-process.ts";

export const CLICKHOUSE_USER = "tide";
export const CLICKHOUSE_PASSWORD = "chaos";

export interface ClickHouseProcess extends ServerProcess {
  readonly url: string;
  /** Rows of a SELECT. */
  query<T>(sql: string): Promise<T[]>;
}

/** The HTTP front before chdb, which stands in for a ClickHouse server, as a real process. */
export async function startClickHouseProcess(cwd: string): Promise<ClickHouseProcess> {
  const program = path.join(import.meta.dirname, "serve-clickhouse.ts");
  const args = ["--conditions=tidemark-source", program, CLICKHOUSE_USER, CLICKHOUSE_PASSWORD];
  const server = startServer(process.execPath, args, { cwd });
  const url = await poll("ClickHouse listens", 60, async () => /listening on (\S+)/.exec(server.output())?.[1]);
  const authorization = `Basic ${Buffer.from(`${CLICKHOUSE_USER}:${CLICKHOUSE_PASSWORD}`).toString("base64")}`;
  return {
    ...server,
    url,
    async query<T>(sql: string) {
      const body = `${sql} FORMAT JSONEachRow`;
      const answer = await fetch(`${url}/?database=tidemark`, { method: "POST", headers: { authorization }, body });
      const text = await answer.text();
      if (!answer.ok) throw new Error(text);
      return text
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as T);
    },
  };
}
