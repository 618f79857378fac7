// What every package must have before it is published, and that what is published can be installed and run by itself.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { root } from "../../scripts/run.ts";

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly license?: string;
  readonly files?: readonly string[];
  readonly publishConfig?: { readonly access?: string; readonly provenance?: boolean };
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
}

const FOLDERS = readdirSync(path.join(root, "packages")).map((name) => path.join(root, "packages", name));
const manifests = new Map(
  FOLDERS.map((folder) => [folder, JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8")) as Manifest]),
);

test("every package says how it is published, and carries its licence", () => {
  const licence = readFileSync(path.join(root, "LICENSE"), "utf8");
  for (const [folder, { name, license, files, publishConfig }] of manifests) {
    assert.equal(license, "Apache-2.0", name);
    assert.equal(readFileSync(path.join(folder, "LICENSE"), "utf8"), licence, name);
    assert.ok(files?.includes("dist"), name);
    assert.deepEqual(publishConfig, { access: "public", provenance: true }, name);
  }
});

test("a published package needs only what is published, and runs nothing when it is installed", () => {
  const published = new Map([...manifests.values()].map(({ name, version }) => [name, version]));
  for (const { name, dependencies = {}, scripts = {}, private: isPrivate } of manifests.values()) {
    assert.notEqual(isPrivate, true, name);
    assert.deepEqual(
      Object.keys(scripts).filter((script) => /install|prepare/.test(script)),
      [],
      name,
    );
    for (const [other, version] of Object.entries(dependencies)) {
      if (other.startsWith("@tidemark/")) assert.equal(version, published.get(other), `${name} needs ${other}`);
    }
  }
});

test("the command line runs without the demo's data, which is not published", () => {
  const hook = `
    import { registerHooks } from "node:module";
    registerHooks({
      resolve(specifier, context, next) {
        if (specifier !== "@tidemark/example-flights") return next(specifier, context);
        throw Object.assign(new Error("Cannot find package '" + specifier + "'"), { code: "ERR_MODULE_NOT_FOUND" });
      },
    });`;
  const main = path.join(root, "packages/cli/src/main.ts");
  assert.ok(existsSync(main));
  const run = (...flags: string[]) =>
    execFileSync(process.execPath, ["--conditions=tidemark-source", ...flags, main, "--help"], { encoding: "utf8" });
  assert.match(run(), /^ {2}demo /m);
  const help = run("--import", `data:text/javascript,${encodeURIComponent(hook)}`);
  assert.match(help, /^ {2}serve /m);
  assert.doesNotMatch(help, /^ {2}demo /m);
});
