// A ClickHouse server's HTTP interface before the embedded engine, as a process of its own.
import { startClickHouseFront } from "../../packages/processor/test/clickhouse/clickhouse-front.ts";

const [user = "", password = ""] = process.argv.slice(2);
const front = await startClickHouseFront(user, password);
process.once("SIGTERM", () => void front.close().then(() => process.exit(0)));
console.log(`listening on ${front.url}`);
