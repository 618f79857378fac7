import * as nodeModule from "node:module";
import { describeValue } from "../safety/warn.ts";
import { ANNOUNCE_KEY, loadSync, resolveSync, watchPackages } from "./esm-hooks.ts";

/** What module.registerHooks takes; absent before Node 22.15. */
type RegisterHooks = (hooks: { resolve: typeof resolveSync; load: typeof loadSync }) => void;

/** Versions from which hooks in the application's thread may leave the source of a CommonJS module to Node (node#59929). */
const SYNC_HOOKS_FROM: readonly (readonly [number, number, number])[] = [
  [22, 22, 3],
  [24, 11, 1],
  [25, 1, 0],
];

type LoadListener = (name: string, url: string, namespace: object) => void;

const listeners = new Set<LoadListener>();
let isRegistered = false;

/**
 * Has ES modules of some packages announced, from now on. Returns why that is not possible, else null.
 *
 * @param onLoad gets the package, the URL of the module and its namespace
 */
export function registerEsmHooks(names: readonly string[], onLoad: LoadListener): string | null {
  listeners.add(onLoad);
  if (isRegistered) return null;
  const globals = globalThis as unknown as Record<symbol, LoadListener>;
  globals[Symbol.for(ANNOUNCE_KEY)] ??= (name, url, namespace) => {
    for (const listener of listeners) listener(name, url, namespace);
  };
  try {
    const { registerHooks } = nodeModule as unknown as { registerHooks?: RegisterHooks };
    if (registerHooks !== undefined && canHookInThread(process.versions.node)) {
      watchPackages(names);
      registerHooks({ resolve: resolveSync, load: loadSync });
    } else {
      const hooks = new URL(`./esm-hooks${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`, import.meta.url);
      nodeModule.register(hooks, { data: names });
    }
    isRegistered = true;
    return null;
  } catch (error) {
    return describeValue(error);
  }
}

/** Whether this version of Node is one of the lines that have the fix, or later than all of them. */
export function canHookInThread(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split(".").map((part) => Number.parseInt(part, 10));
  if (major > SYNC_HOOKS_FROM.at(-1)![0]) return true;
  const line = SYNC_HOOKS_FROM.find(([from]) => from === major);
  return line !== undefined && (minor > line[1] || (minor === line[1] && patch >= line[2]));
}
