import path from "node:path";
import { fileURLToPath } from "node:url";

/** The example's processes as files to run: TypeScript from the source tree, JavaScript from a build. */
export const processFiles = { service: fileOf("service"), traffic: fileOf("traffic") } as const;

function fileOf(name: string): string {
  return fileURLToPath(new URL(`./${name}${path.extname(import.meta.url)}`, import.meta.url));
}
