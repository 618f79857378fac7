import type { QueryParameters } from "./bind-parameters.ts";
import type { TableName } from "./tables.ts";

export interface StoreHealth {
  /** Bytes of the stored rows on disk. */
  readonly bytes: number;
  /** Parts in use; many mean that merging does not keep up. */
  readonly parts: number;
  /** Free bytes of the disk that holds the rows. */
  readonly freeBytes: number;
}

/** What the processor needs of a SQL engine: rows in, answers out. */
export interface Store {
  /** Folder of what the processor keeps beside the rows, such as its audit log; of the embedded engine also the rows. */
  readonly path: string;
  /** Address of the ClickHouse server that holds the rows; null where the embedded engine does. */
  readonly server: string | null;
  /** High part of the versions of what evaluation writes; 0 where one processor owns every monitor. */
  readonly generation?: number;
  /**
   * Stores rows that a row encoder made, and resolves once they are on disk. Not atomic: after a failure some rows may
   * be there, which repeating the insert heals. At most 100 weeks of event time an insert.
   */
  insert(table: TableName, rowBinary: readonly Uint8Array[], receivedMs: number): Promise<void>;
  /** Rows of a SELECT as objects; 64-bit integers come as strings, NaN and infinities as null. */
  query<T>(sql: string, parameters?: QueryParameters): Promise<T[]>;
  /** The answer of a SELECT in RowBinary. */
  queryRowBinary(sql: string, parameters?: QueryParameters): Promise<Uint8Array>;
  /** Writes the answer of a SELECT to a new file, by the engine itself. */
  queryToFile(sql: string, parameters: QueryParameters, path: string, format: string): Promise<void>;
  /** Runs a statement that changes what is stored, after the inserts before it and before those after it. */
  execute(sql: string, parameters?: QueryParameters): Promise<void>;
  /** Rejects where the store does not answer or could not take a record. */
  health(): Promise<StoreHealth>;
  /** Waits for running inserts, stops running queries and releases the folder. */
  close(): Promise<void>;
}
