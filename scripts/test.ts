// `npm test`: every unit test, then the plain closing line that CI reads.
import { globSync } from "node:fs";
import { root, run } from "./run.ts";

const given = process.argv.slice(2);
const files =
  given.length > 0
    ? given
    : globSync(["packages/*/test/**/*.test.ts", "examples/*/test/**/*.test.ts", "test/*/*.test.ts"], { cwd: root })
        .filter((file) => !file.includes("e2e"))
        .sort();
if (files.length === 0) {
  console.error("no test files found");
  process.exit(1);
}
process.exitCode = run("node", ["--conditions=tidemark-source", "--test", "--test-concurrency=2", ...files]) ? 0 : 1;
