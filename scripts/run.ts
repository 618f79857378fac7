import { spawnSync } from "node:child_process";
import path from "node:path";

export const root = path.resolve(import.meta.dirname, "..");

/** Runs a program of node_modules/.bin (or Node itself) with inherited output; true when it exits with 0. */
export function run(program: string, args: readonly string[]): boolean {
  const command = program === "node" ? process.execPath : path.join(root, "node_modules", ".bin", program);
  const result = spawnSync(command, args, { cwd: root, stdio: "inherit" });
  if (result.error !== undefined) console.error(`${program}: ${result.error.message}`);
  return result.status === 0;
}
