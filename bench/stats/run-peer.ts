import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const here = import.meta.dirname;
const requirements = join(here, "requirements.txt");
const fingerprint = createHash("sha256").update(readFileSync(requirements)).digest("hex").slice(0, 12);
const environment = join(here, "../../.cache", `bench-venv-${fingerprint}`);
const python = join(environment, "bin/python");

/**
 * What a Python script beside this file prints as JSON: CPU seconds of peers, in a process of its own on one thread. The first call makes
 * a Python environment with the pinned peers under .cache; null where there is no python3 or no package index.
 */
export function runPeer<T>(script: string, args: readonly (string | number)[]): T | null {
  if (!existsSync(join(environment, "ready")) && !createEnvironment()) return null;
  const { status, stdout, stderr } = spawnSync(python, [join(here, script), ...args.map(String)], {
    encoding: "utf8",
    env: { ...process.env, OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1" },
  });
  if (status !== 0) throw new Error(`${script} ended with ${status}: ${stderr}`);
  return JSON.parse(stdout) as T;
}

function createEnvironment(): boolean {
  console.log("making a Python environment with numpy, scipy and river, once");
  const steps: [string, string[]][] = [
    ["python3", ["-m", "venv", environment]],
    [python, ["-m", "pip", "install", "--quiet", "--requirement", requirements]],
    ["touch", [join(environment, "ready")]],
  ];
  return steps.every(([command, given]) => spawnSync(command, given, { stdio: "inherit" }).status === 0);
}
