import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { root } from "../../scripts/run.ts";

interface Bom {
  readonly bomFormat: string;
  readonly components: readonly {
    readonly name: string;
    readonly version: string;
    readonly properties?: readonly { readonly name: string }[];
  }[];
}

test("npm run sbom lists every package that is installed with us, at its locked version", () => {
  const output = execFileSync("npm", ["run", "--silent", "sbom"], { cwd: root, encoding: "utf8", maxBuffer: 64e6 });
  const { bomFormat, components } = JSON.parse(output) as Bom;
  assert.equal(bomFormat, "CycloneDX");
  const lock = JSON.parse(readFileSync(path.join(root, "package-lock.json"), "utf8")) as {
    packages: Record<string, { version?: string; dev?: boolean }>;
  };
  for (const name of ["chdb", "pino", "zod", "@grpc/grpc-js"]) {
    const found = components.find((component) => component.name === name);
    assert.ok(found, `${name} is not listed`);
    assert.equal(found.version, lock.packages[`node_modules/${name}`]?.version, name);
  }
  const isForDevelopment = ({ properties = [] }: Bom["components"][number]) =>
    properties.some((property) => property.name === "cdx:npm:package:development");
  for (const name of ["fast-check", "selfsigned"]) {
    assert.ok(
      components.some((component) => component.name === name && isForDevelopment(component)),
      name,
    );
  }
});

test("every dependency has an exact version, and only one package may run an install script", () => {
  const manifests = [
    "package.json",
    "packages/processor/package.json",
    "packages/cli/package.json",
    "packages/otlp/package.json",
  ];
  for (const file of manifests) {
    const manifest = JSON.parse(readFileSync(path.join(root, file), "utf8")) as Record<string, Record<string, string>>;
    for (const kind of ["dependencies", "devDependencies"]) {
      for (const [name, version] of Object.entries(manifest[kind] ?? {})) {
        assert.match(version, /^\d+\.\d+\.\d+/, `${file}: ${name} is ${version}`);
      }
    }
  }
  const { allowScripts } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as {
    allowScripts: Record<string, boolean>;
  };
  assert.deepEqual(
    Object.entries(allowScripts)
      .filter(([, isAllowed]) => isAllowed)
      .map(([name]) => name),
    ["node"],
  );
});
