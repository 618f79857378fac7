import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

const ROOT = path.resolve(import.meta.dirname, "../../..");
const CACHE = path.join(ROOT, ".cache");

/**
 * A folder outside of the workspace, in which some npm packages are installed as a user installs them, without install
 * scripts. Made when the cache lacks it.
 *
 * @param packages names with exact versions, or paths of tarballs
 */
export function npmProject(name: string, packages: readonly string[]): string {
  const pin = createHash("sha256");
  for (const wanted of packages) pin.update(wanted.endsWith(".tgz") ? readFileSync(wanted) : wanted);
  const folder = path.join(CACHE, "npm", name, pin.digest("hex").slice(0, 16));
  const ready = path.join(folder, "installed.txt");
  if (existsSync(ready)) return folder;
  rmSync(path.dirname(ready), { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, "package.json"), JSON.stringify({ name, private: true }));
  npm(folder, ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--save-exact", ...packages]);
  // The last thing to appear: a folder without it is half made.
  writeFileSync(ready, `${packages.join("\n")}\n`);
  return folder;
}

/** Tarballs of workspace packages, as `npm pack` makes them of what is built. */
export function packWorkspace(folder: string, names: readonly string[]): string[] {
  execFileSync(path.join(ROOT, "node_modules/.bin/tsc"), [
    "-b",
    ...names.map((name) => path.join(ROOT, "packages", name)),
  ]);
  return names.map((name) => {
    const file = npm(path.join(ROOT, "packages", name), ["pack", "--silent", "--pack-destination", folder]);
    return path.join(folder, file.trim().split("\n").at(-1)!);
  });
}

/** The interpreter of a version of Node, from npm's own packages of it. */
export function nodeOf(version: string): string {
  const name = `node-${process.platform}-${process.arch}`;
  return path.join(npmProject(`node-${version}`, [`${name}@${version}`]), "node_modules", name, "bin/node");
}

function npm(cwd: string, args: readonly string[]): string {
  return execFileSync("npm", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
}
