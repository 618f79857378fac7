// What a monitored service installs: the package as `npm pack` makes it, and everything that it brings along.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, describe, it } from "node:test";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";

const ROOT = path.resolve(import.meta.dirname, "../..");
const PACKAGE = path.join(ROOT, "packages/instrumentation");
const MAX_TARBALL_BYTES = 300_000;
const MAX_INSTALLED_BYTES = 10_000_000;
/** The package is ESM only: require() of it works from Node 20.19 on, and older resolutions are not meant. */
const FOREIGN_RESOLUTIONS = ["node10", "node16-cjs"];

interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
}

const folder = mkdtempSync(path.join(tmpdir(), "tidemark-pack-"));
after(() => rmSync(folder, { recursive: true }));
execFileSync(path.join(ROOT, "node_modules/.bin/tsc"), ["-b", PACKAGE]);

function pack(packageFolder: string): Packed {
  const output = execFileSync("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], {
    cwd: packageFolder,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  // An array up to npm 11, an object by name after.
  return Object.values(JSON.parse(output) as Record<string, Packed>)[0]!;
}

const packed = pack(PACKAGE);
const tarball = readFileSync(path.join(folder, path.basename(packed.filename).replace("@tidemark/", "tidemark-")));

/** Folders of all packages that are installed with one, itself first; peers are not. */
function installed(packageFolder: string, found = new Set<string>()): Set<string> {
  if (found.has(packageFolder)) return found;
  found.add(packageFolder);
  for (const name of Object.keys(manifestOf(packageFolder).dependencies ?? {})) {
    const places = createRequire(path.join(packageFolder, "package.json")).resolve.paths(name) ?? [];
    const place = places.map((base) => path.join(base, name)).find((candidate) => isFolder(candidate));
    assert.ok(place !== undefined, `${name} is not installed`);
    installed(place, found);
  }
  return found;
}

const manifestOf = (packageFolder: string) =>
  JSON.parse(readFileSync(path.join(packageFolder, "package.json"), "utf8")) as Manifest;
const isFolder = (place: string) => statSync(place, { throwIfNoEntry: false })?.isDirectory() === true;
const isOurs = (packageFolder: string) => manifestOf(packageFolder).name.startsWith("@tidemark/");

function installedBytes(packageFolder: string): number {
  if (isOurs(packageFolder)) return pack(packageFolder).unpackedSize;
  const files = globSync("**", { cwd: packageFolder }).map((file) => statSync(path.join(packageFolder, file)));
  return files.filter((file) => file.isFile()).reduce((sum, { size }) => sum + size, 0);
}

describe("the package @tidemark/instrumentation", () => {
  it("is clean to publint", async () => {
    const copy = tarball.buffer.slice(tarball.byteOffset, tarball.byteOffset + tarball.byteLength) as ArrayBuffer;
    const { messages, pkg } = await publint({ pack: { tarball: copy }, strict: true });
    assert.deepEqual(
      messages.map((message) => formatMessage(message, pkg as never)),
      [],
    );
  });

  it("has types that resolve in every way it can be imported", async () => {
    const analysis = await checkPackage(createPackageFromTarballData(new Uint8Array(tarball)));
    assert.ok(analysis.types !== false);
    assert.deepEqual(Object.keys(analysis.entrypoints), [".", "./register", "./package.json"]);
    const problems = analysis.problems.filter(
      (problem) => !("resolutionKind" in problem && FOREIGN_RESOLUTIONS.includes(problem.resolutionKind)),
    );
    assert.deepEqual(problems, []);
  });

  it("is small: its tarball, and all that it installs", () => {
    assert.ok(packed.size < MAX_TARBALL_BYTES, `the tarball has ${packed.size} bytes`);
    const bytes = [...installed(PACKAGE)].reduce((sum, place) => sum + installedBytes(place), 0);
    assert.ok(bytes < MAX_INSTALLED_BYTES, `${bytes} bytes are installed`);
    assert.ok(bytes > packed.unpackedSize);
  });

  it("installs no native code, no install script and no schema library", () => {
    const places = [...installed(PACKAGE)];
    const names = places.map((place) => manifestOf(place).name);
    assert.ok(names.includes("@tidemark/sketches") && names.includes("yaml"), names.join(", "));
    assert.ok(!names.includes("zod"));
    for (const place of places.filter((candidate) => !isOurs(candidate))) {
      assert.deepEqual(globSync("**/{*.node,*.wasm,binding.gyp}", { cwd: place }), [], place);
      const { scripts = {} } = manifestOf(place);
      assert.deepEqual(
        ["preinstall", "install", "postinstall"].filter((name) => name in scripts),
        [],
        place,
      );
    }
  });

  it("carries no tests and no build leftovers", () => {
    const stray = packed.files.filter(({ path: file }) => /(^|\/)test\/|tsbuildinfo|fixtures/.test(file));
    assert.deepEqual(stray, []);
  });
});
