/*
 * The loader's side of seeing ES modules. Node runs this file in a thread of its own (module.register), or calls its
 * functions in the application's thread (module.registerHooks).
 *
 * import-in-the-middle can be registered once a process, for all modules or for some: registered by us it would take
 * the place of the host's. We only need the namespace of a few packages, so their entry modules get a line that hands
 * it over once they have run: a module may import itself.
 */

/** Name of the global function that gets package name, URL and namespace; a symbol of the registry, as text. */
export const ANNOUNCE_KEY = "tidemark.module-loaded";

interface Resolved {
  readonly url: string;
  readonly format?: string | null | undefined;
}

interface Loaded {
  readonly format?: string | null | undefined;
  readonly source?: string | ArrayBuffer | NodeJS.TypedArray | null | undefined;
}

/** Packages whose ES modules are announced. */
const packages = new Set<string>();
/** Package by the URL of its entry module. */
const entries = new Map<string, string>();

export function watchPackages(names: readonly string[]): void {
  for (const name of names) packages.add(name);
}

/** Called by module.register with its `data`. */
export function initialize(names: readonly string[]): void {
  watchPackages(names);
}

export async function resolve(
  specifier: string,
  context: unknown,
  next: (specifier: string, context: unknown) => Promise<Resolved>,
): Promise<Resolved> {
  return noteEntry(specifier, await next(specifier, context));
}

export async function load(
  url: string,
  context: unknown,
  next: (url: string, context: unknown) => Promise<Loaded>,
): Promise<Loaded> {
  return withAnnouncement(url, await next(url, context));
}

export function resolveSync<R extends Resolved>(
  specifier: string,
  context: never,
  next: (specifier: string, context: never) => R,
): R {
  return noteEntry(specifier, next(specifier, context));
}

export function loadSync<L extends Loaded>(url: string, context: never, next: (url: string, context: never) => L): L {
  return withAnnouncement(url, next(url, context));
}

function noteEntry<R extends Resolved>(specifier: string, resolved: R): R {
  if (packages.has(specifier)) entries.set(resolved.url, specifier);
  return resolved;
}

function withAnnouncement<L extends Loaded>(url: string, loaded: L): L {
  const name = entries.get(url);
  if (name === undefined || loaded.format !== "module" || loaded.source == null) return loaded;
  const [self, key, text] = [url, ANNOUNCE_KEY, name].map((value) => JSON.stringify(value));
  const announcement = `
import * as tidemarkSelf from ${self};
globalThis[Symbol.for(${key})]?.(${text}, ${self}, tidemarkSelf);
`;
  const source = typeof loaded.source === "string" ? loaded.source : new TextDecoder().decode(loaded.source);
  return { ...loaded, source: source + announcement };
}
