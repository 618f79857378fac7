import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Runs the shares of a long benchmark, each once: what an interrupted run has finished is read from its folder. */
export interface Shares {
  run<T>(name: string, work: () => T): T;
}

/** @param folder where finished shares are kept as JSON; null keeps nothing. Another seed or size needs another folder. */
export function createShares(folder: string | null): Shares {
  if (folder === null) {
    const done = new Map<string, unknown>();
    return {
      run<T>(name: string, work: () => T): T {
        if (!done.has(name)) done.set(name, work());
        return done.get(name) as T;
      },
    };
  }
  mkdirSync(folder, { recursive: true });
  return {
    run<T>(name: string, work: () => T): T {
      const file = join(folder, `${name.replace(/[^a-z0-9.]+/gi, "-")}.json`);
      if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as T;
      const result = work();
      writeFileSync(`${file}.part`, JSON.stringify(result));
      renameSync(`${file}.part`, file);
      return result;
    },
  };
}
