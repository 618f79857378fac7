import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { drainPending, Session } from "chdb";

/** A ClickHouse server's HTTP interface before the embedded engine: real SQL, real errors, real rows. */
export interface ClickHouseFront {
  readonly url: string;
  readonly statements: readonly { readonly sql: string; readonly settings: Readonly<Record<string, string>> }[];
  /** Statements that match are run, and their answer is lost, as often as said. */
  loseAnswers(pattern: RegExp, times: number): void;
  close(): Promise<void>;
}

const SESSIONS = 3;
/** Parameters of the address that are no settings of the engine. */
const NOT_SETTINGS = new Set(["query", "query_id", "database", "session_id", "role", "wait_end_of_query"]);

export async function startClickHouseFront(user: string, password: string): Promise<ClickHouseFront> {
  const folder = mkdtempSync(join(tmpdir(), "tidemark-front-"));
  const sessions = Array.from({ length: SESSIONS }, () => ({
    session: new Session(join(folder, "data")),
    last: Promise.resolve() as Promise<unknown>,
    waiting: 0,
  }));
  const killer = new Session(join(folder, "data"));
  const statements: { sql: string; settings: Record<string, string> }[] = [];
  let lost = { pattern: /^$/, times: 0 };
  let files = 0;

  async function run(sql: string, database: string, settings: Readonly<Record<string, string>>): Promise<Buffer> {
    const least = sessions.reduce((best, each) => (each.waiting < best.waiting ? each : best));
    least.waiting++;
    const turn = least.last.then(async () => {
      await least.session.queryAsync(`USE ${database}`);
      for (const [name, value] of Object.entries(settings)) {
        await least.session.queryAsync(`SET ${name} = '${value}'`);
      }
      return Buffer.from((await least.session.queryAsync(sql, { format: "TabSeparated" })).bytes());
    });
    least.last = turn.catch(() => undefined);
    return turn.finally(() => least.waiting--);
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://front");
    if (pathname === "/ping") return void response.end("Ok.\n");
    const body = await readBody(request);
    const expected = `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
    if (request.headers.authorization !== expected) {
      return fail(response, `Code: 516. DB::Exception: ${user}: Authentication failed. (AUTHENTICATION_FAILED)`);
    }
    const settings = Object.fromEntries([...searchParams].filter(([name]) => !NOT_SETTINGS.has(name)));
    const inAddress = searchParams.get("query");
    const sql = inAddress ?? body.toString("utf8");
    statements.push({ sql, settings });
    const data = join(folder, `body-${files++}.bin`);
    let done = false;
    response.on("close", () => {
      if (response.writableEnded || settings["cancel_http_readonly_queries_on_client_close"] !== "1") return;
      void (async () => {
        while (!done) {
          await killer.queryAsync("KILL QUERY WHERE query_id != queryID() ASYNC");
          await setTimeout(20);
        }
      })();
    });
    try {
      if (inAddress !== null) writeFileSync(data, body);
      const bytes = await run(
        // The one thing the embedded engine has no place for is a body: it reads the same bytes from a file.
        sql.replace(/ FROM input\((.*)\) FORMAT (\w+)$/s, ` FROM file('${data}', '$2', $1)`),
        searchParams.get("database") ?? "default",
        settings,
      );
      if (lost.times > 0 && lost.pattern.test(sql)) {
        lost.times--;
        request.socket.destroy();
      } else response.end(bytes);
    } catch (error) {
      fail(response, (error as Error).message);
    } finally {
      done = true;
      rmSync(data, { force: true });
    }
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: Error) => fail(response, error.message));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${address.port}`,
    statements,
    loseAnswers(pattern, times) {
      lost = { pattern, times };
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await Promise.all(sessions.map(({ last }) => last));
      for (const { session } of sessions) session.close();
      killer.close();
      await drainPending();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function fail(response: ServerResponse, message: string): void {
  const code = /^Code: (\d+)/.exec(message)?.[1] ?? "1002";
  response.writeHead(code === "516" ? 403 : 500, { "X-ClickHouse-Exception-Code": code });
  response.end(message);
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
