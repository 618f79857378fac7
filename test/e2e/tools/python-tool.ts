import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

const CACHE = path.resolve(import.meta.dirname, "../../../.cache");
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/**
 * Runs a Python program of a folder beside this file, with the packages that the folder's requirements.txt pins, and
 * returns what it printed. The environment is made when the cache lacks it. Needs Python 3.11.
 */
export function runPython(tool: string, program: string, args: readonly string[]): string {
  const folder = path.join(import.meta.dirname, tool);
  return execFileSync(pythonOf(folder, tool), [path.join(folder, program), ...args], {
    encoding: "utf8",
    maxBuffer: MAX_OUTPUT_BYTES,
  });
}

/** The interpreter that has the packages which `folder/requirements.txt` pins. `name` is its place in the cache. */
export function pythonOf(folder: string, name: string): string {
  return path.join(environmentOf(folder, name), "bin/python");
}

function environmentOf(folder: string, tool: string): string {
  const requirements = path.join(folder, "requirements.txt");
  const pin = createHash("sha256").update(readFileSync(requirements)).digest("hex").slice(0, 16);
  const environment = path.join(CACHE, tool, pin);
  const ready = path.join(environment, "installed.txt");
  if (existsSync(ready)) return environment;
  rmSync(environment, { recursive: true, force: true });
  const run = (file: string, args: string[]) => execFileSync(file, args, { stdio: ["ignore", "inherit", "inherit"] });
  run("python3.11", ["-m", "venv", environment]);
  run(path.join(environment, "bin/pip"), ["install", "--quiet", "--requirement", requirements]);
  // The last thing to appear: an environment without it is half made.
  const frozen = execFileSync(path.join(environment, "bin/pip"), ["freeze"], { encoding: "utf8" });
  writeFileSync(`${ready}.tmp`, frozen);
  renameSync(`${ready}.tmp`, ready);
  return environment;
}
