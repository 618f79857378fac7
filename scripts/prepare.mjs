// Runs at the end of `npm ci`: builds the packages so that `npx tidemark` works from a checkout.

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

if (existsSync("node_modules/typescript/bin/tsc")) {
  const build = spawnSync(process.execPath, ["node_modules/typescript/bin/tsc", "-b"], { stdio: "inherit" });
  process.exitCode = build.status ?? 1;
}
