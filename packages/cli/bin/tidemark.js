#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { errors } from "@tidemark/semconv";

// Asked before the rest is imported: an older Node would fail there, with an error that names no version.
const { engines } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
const needed = engines.node.replace(/^>=/, "");
const majorOf = (version) => Number.parseInt(version, 10);
if (majorOf(process.versions.node) < majorOf(needed)) {
  const { code, fix } = errors.nodeUnsupported;
  console.error(
    `${code}: tidemark needs Node.js ${needed} or later; this is ${process.versions.node}, ${process.execPath}`,
  );
  console.error(`What to do: ${fix}`);
  process.exitCode = 1;
} else {
  await import("../dist/main.js");
}
