import type { ClickHouseSettings } from "@clickhouse/client";

/** What every statement runs under, so that a server answers as the embedded engine does. */
const SETTINGS: ClickHouseSettings = {
  // An error that comes after the first rows is then a status, not a torn answer.
  wait_end_of_query: 1,
  cancel_http_readonly_queries_on_client_close: 1,
  // Else a 2xx could be rows in the memory of one server.
  async_insert: 0,
  // An erasure names up to 1,000 ids of 256 characters, an export as many inputs several times.
  max_query_size: "16777216",
  do_not_merge_across_partitions_select_final: 1,
  output_format_json_quote_64bit_integers: 1,
  output_format_json_quote_denormals: 0,
  session_timezone: "UTC",
};

const CLUSTER_SETTINGS: ClickHouseSettings = {
  // An insert is answered when a majority of every shard's replicas has it, and what is read has all of those.
  distributed_foreground_insert: 1,
  insert_quorum: "auto",
  insert_quorum_parallel: 0,
  select_sequential_consistency: "1",
  // A record and its outcome share a shard, other joins need not: subqueries are answered once, for all shards.
  distributed_product_mode: "global",
  skip_unavailable_shards: 0,
};

export function serverSettings(isCluster: boolean): ClickHouseSettings {
  return isCluster ? { ...SETTINGS, ...CLUSTER_SETTINGS } : SETTINGS;
}
