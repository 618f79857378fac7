// Runs before `npm publish` in a package's folder (prepublishOnly): refuses what could not be attested.
import { readFileSync } from "node:fs";
import path from "node:path";
import { root } from "../run.ts";
import { type PublishedManifest, publishProblems } from "./publish-problems.ts";

const folder = process.cwd();
const manifest = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8")) as PublishedManifest;
const directory = path.relative(root, folder).split(path.sep).join("/");
const problems = publishProblems(manifest, directory, process.env);
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
