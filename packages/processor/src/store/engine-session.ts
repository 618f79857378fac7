import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { drainPending, Session } from "chdb";
import { bindParameters, type QueryParameters } from "./bind-parameters.ts";

const MAX_QUERY_BYTES = 1_500_000_000;
const MAX_SQL_BYTES = 16_777_216;
const SPILL_BYTES = 400_000_000;

/** One connection of the embedded engine. It runs one query at a time; further ones wait their turn. */
export class EngineSession {
  /** The folder that this process has open; the engine allows one at a time. */
  private static path: string | null = null;
  private static count = 0;

  private readonly session: Session;
  private last: Promise<unknown> = Promise.resolve();
  private waiting = 0;
  private stopping = false;

  /**
   * A session for reading data files: in the folder that is open already, else in a temporary one. It sees no table of
   * its own, and its temporary tables vanish with it.
   */
  static forFiles(): EngineSession {
    return new EngineSession(EngineSession.path ?? undefined);
  }

  /**
   * Without a path in a temporary folder, which is removed on close.
   * @param backups Folder that backups may be written to and read from; what the first session of a process says counts.
   */
  constructor(path?: string, backups?: string) {
    const settings = mkdtempSync(join(tmpdir(), "tidemark-engine-"));
    try {
      const file = join(settings, "engine.xml");
      writeFileSync(file, serverXml(backups));
      this.session = new Session(path, { connectionArgs: connectionArguments(file) });
      EngineSession.path = this.session.path;
      EngineSession.count++;
    } finally {
      rmSync(settings, { recursive: true, force: true });
    }
  }

  /** Queries running or waiting. */
  get load(): number {
    return this.waiting;
  }

  /** Runs one statement and resolves with the bytes of its answer in the given format. */
  async run(sql: string, parameters: QueryParameters, format: string): Promise<Uint8Array> {
    this.waiting++;
    const turn = this.last.then(async () => {
      if (this.stopping) throw new Error("the query was not started: the store is being closed");
      const result = await this.session.queryAsync(bindParameters(sql, parameters), { format });
      return result.bytes();
    });
    this.last = turn.catch(() => undefined);
    try {
      return await turn;
    } finally {
      this.waiting--;
    }
  }

  /** Refuses what waits for its turn and whatever comes; a running query goes on. */
  stop(): void {
    this.stopping = true;
  }

  close(): void {
    if (!this.session.open) return;
    this.session.close();
    EngineSession.count--;
    if (EngineSession.count === 0) EngineSession.path = null;
  }

  /** Waits until no native query is left. */
  static drain(): Promise<void> {
    return drainPending();
  }
}

function serverXml(backups: string | undefined): string {
  const allowed = backups === undefined ? "" : `<backups><allowed_path>${escapeXml(backups)}</allowed_path></backups>`;
  return `<clickhouse>
  <mark_cache_size>134217728</mark_cache_size>
  <max_server_memory_usage>3000000000</max_server_memory_usage>
  ${allowed}
</clickhouse>
`;
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function connectionArguments(configFile: string): string[] {
  return [
    `--config-file=${configFile}`,
    "--max_threads=2",
    // Compiling an expression costs more than these queries, each of which runs a few times with other constants.
    "--compile_expressions=0",
    "--compile_aggregate_expressions=0",
    "--compile_sort_description=0",
    "--async_insert=0",
    // An export names up to 1,000 inputs several times, an erasure 1,000 ids: each may have 256 characters.
    `--max_query_size=${MAX_SQL_BYTES}`,
    `--max_memory_usage=${MAX_QUERY_BYTES}`,
    `--max_bytes_before_external_group_by=${SPILL_BYTES}`,
    `--max_bytes_before_external_sort=${SPILL_BYTES}`,
    "--do_not_merge_across_partitions_select_final=1",
    "--output_format_json_quote_64bit_integers=1",
    "--output_format_json_quote_denormals=0",
    "--session_timezone=UTC",
    // Else a column of CSV with a number such as 1e-7 is text.
    "--input_format_try_infer_exponent_floats=1",
  ];
}
