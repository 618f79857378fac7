import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Hook as RequireHook } from "require-in-the-middle";
import { describeValue, warn } from "../safety/warn.ts";
import { isSupportedVersion, type VersionRange } from "./is-supported-version.ts";
import type { Undo } from "./library.ts";
import { registerEsmHooks } from "./register-esm-hooks.ts";

/** What is to be done with every copy of a package. */
export interface ModuleDefinition {
  readonly name: string;
  readonly versions: VersionRange;
  readonly patch: (exports: never) => Undo | undefined;
}

/** Modules that were loaded by `require`, also those that `import` loaded as CommonJS. */
const { cache } = createRequire(import.meta.url);

/**
 * Sees packages as they are loaded: by require-in-the-middle, which also reaches what an imported CommonJS package
 * requires, by a loader hook for packages that are ES modules, and, for those loaded before, in the cache of modules.
 */
export class ModuleHooks {
  readonly #definitions = new Map<string, ModuleDefinition>();
  readonly #undos: Undo[] = [];
  /** ES modules that were announced: unlike those of `require`, they are in no cache that can be read. */
  readonly #announced: { readonly name: string; readonly namespace: object; readonly folder: string | undefined }[] =
    [];
  #requireHook: { unhook(): void } | null = null;
  #hasStarted = false;

  add(definition: ModuleDefinition): void {
    this.#definitions.set(definition.name, definition);
  }

  /** Patches what is loaded and whatever will be. */
  start(): void {
    const names = [...this.#definitions.keys()];
    for (const name of names) this.#patchLoaded(name);
    for (const { name, namespace, folder } of this.#announced) this.#patch(name, namespace, folder);
    this.#requireHook = new RequireHook(names, { internals: false }, (exports, name, folder) => {
      this.#patch(name, exports as object, folder);
      return exports;
    });
    const problem = registerEsmHooks(names, (name, url, namespace) => {
      const folder = packageFolder(fileURLToPath(url), name);
      this.#announced.push({ name, namespace, folder });
      if (this.#requireHook !== null) this.#patch(name, namespace, folder);
    });
    if (problem !== null) warn(`ES modules cannot be instrumented, only what is loaded by require: ${problem}`);
  }

  /** Takes all patches back. */
  stop(): void {
    this.#requireHook?.unhook();
    this.#requireHook = null;
    this.#hasStarted = true;
    for (const undo of this.#undos.splice(0).reverse()) undo();
  }

  #patchLoaded(name: string): void {
    const inside = `${path.sep}node_modules${path.sep}${name.replaceAll("/", path.sep)}${path.sep}`;
    let isPatched = false;
    for (const [file, module] of Object.entries(cache)) {
      if (module === undefined || !file.includes(inside)) continue;
      const { exports } = module as { exports: unknown };
      if (typeof exports !== "object" || exports === null) continue;
      isPatched = this.#patch(name, exports, packageFolder(file, name)) || isPatched;
    }
    if (isPatched && !this.#hasStarted) {
      warn(
        `${name} was loaded before its instrumentation: models loaded so far go without their names, and ES modules ` +
          "loaded so far are not seen; start with `node --import @tidemark/instrumentation/register`",
      );
    }
  }

  #patch(name: string, exports: object, folder: string | undefined): boolean {
    try {
      const definition = this.#definitions.get(name);
      if (definition === undefined) return false;
      const version = folder === undefined ? undefined : versionOf(folder);
      if (!isSupportedVersion(version, definition.versions)) {
        const { from, below } = definition.versions;
        warn(
          `${name} ${version ?? "of an unknown version"} is not instrumented: supported are ${from} to below ${below}`,
        );
        return false;
      }
      const undo = definition.patch(exports as never);
      if (undo !== undefined) this.#undos.push(undo);
      return undo !== undefined;
    } catch (error) {
      warn(`${name} cannot be instrumented: ${describeValue(error)}`);
      return false;
    }
  }
}

/** The folder of the package that a file belongs to. */
function packageFolder(file: string, name: string): string | undefined {
  const inside = path.join("node_modules", ...name.split("/"));
  const index = file.lastIndexOf(inside + path.sep);
  return index === -1 ? undefined : file.slice(0, index + inside.length);
}

function versionOf(folder: string): string | undefined {
  const { version } = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8")) as { version?: string };
  return version;
}
