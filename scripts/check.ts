// `npm run check`: everything that can be said of the code without running it.
import { execFileSync } from "node:child_process";
import { importViolations } from "./import-rules.ts";
import { root, run } from "./run.ts";

const checks: readonly { readonly name: string; readonly passes: () => boolean }[] = [
  { name: "types of the packages", passes: () => run("tsc", ["-b"]) },
  { name: "types of tests, benchmarks and scripts", passes: () => run("tsc", ["-p", "tsconfig.tests.json"]) },
  { name: "lint and format", passes: () => run("biome", ["check", "--error-on-warnings", "."]) },
  { name: "unused code", passes: () => run("knip", ["--no-progress"]) },
  { name: "import rules", passes: importRulesHold },
  { name: "generated files", passes: generatedFilesAreClean },
];

const failed = checks.filter(({ name, passes }) => {
  const ok = passes();
  console.log(`${ok ? "ok    " : "FAILED"} ${name}`);
  return !ok;
});
process.exitCode = failed.length === 0 ? 0 : 1;

function importRulesHold(): boolean {
  const violations = importViolations();
  for (const violation of violations) console.error(violation);
  return violations.length === 0;
}

/** Regenerates and asks git whether a committed file changed or appeared. */
function generatedFilesAreClean(): boolean {
  const status = () => execFileSync("git", ["status", "--porcelain"], { cwd: root, encoding: "utf8" });
  const before = status();
  if (!run("node", ["--conditions=tidemark-source", "scripts/generate.ts"])) return false;
  const after = status();
  if (after !== before) console.error(`\`npm run generate\` changed files; commit them:\n${after}`);
  return after === before;
}
