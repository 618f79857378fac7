// `npm run test:e2e`: real processes, one file after the other, since each wants both cores.
import { globSync } from "node:fs";
import { root, run } from "./run.ts";

const given = process.argv.slice(2);
const files = given.length > 0 ? given : globSync("test/e2e/*.e2e.test.ts", { cwd: root }).sort();
if (files.length === 0) {
  console.error("no e2e test files found");
  process.exit(1);
}
process.exitCode = run("node", [
  "--conditions=tidemark-source",
  "--test",
  "--test-concurrency=1",
  "--test-reporter=spec",
  ...files,
])
  ? 0
  : 1;
