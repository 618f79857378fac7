import { cpSync, rmSync, symlinkSync } from "node:fs";
import path from "node:path";
import { npmProject } from "./npm-project.ts";

const ROOT = path.resolve(import.meta.dirname, "../../..");
const HOST = path.join(import.meta.dirname, "../instrumentation-host");
/** Too large to install again for each line: a link to what the workspace has. */
const LINKED = ["onnxruntime-node", "onnxruntime-common", "@huggingface"];

/** Folder of the models that the host's services ask. */
export const FIXTURES = path.join(ROOT, "packages/instrumentation/test/fixtures");

/** A folder with the services of test/e2e/instrumentation-host, some packages, and the model libraries. */
export function hostProject(name: string, packages: readonly string[]): string {
  const folder = npmProject(name, packages);
  cpSync(HOST, folder, { recursive: true });
  for (const library of LINKED) {
    const link = path.join(folder, "node_modules", library);
    rmSync(link, { force: true });
    symlinkSync(path.join(ROOT, "node_modules", library), link);
  }
  return folder;
}
