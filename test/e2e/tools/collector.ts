import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { goTool } from "./go-tool.ts";

const MANIFEST = path.resolve(import.meta.dirname, "../../../collector-config/builder-config.yaml");
const CACHE = path.resolve(import.meta.dirname, "../../../.cache/collector-distribution");

/** Path of the Collector that a manifest describes, collector-config/builder-config.yaml unless told otherwise; built (2 to 6 minutes) when the cache lacks it. */
export function collectorBinary(manifest: string = MANIFEST): string {
  const folder = path.join(CACHE, createHash("sha256").update(readFileSync(manifest)).digest("hex").slice(0, 16));
  const name = /^ {2}name: (\S+)$/m.exec(readFileSync(manifest, "utf8"))?.[1] ?? "";
  const binary = path.join(folder, "_build", name);
  if (!existsSync(binary)) {
    mkdirSync(folder, { recursive: true });
    copyFileSync(manifest, path.join(folder, "builder-config.yaml"));
    const builder = goTool({ module: "collector", command: "go.opentelemetry.io/collector/cmd/builder", flags: [] });
    execFileSync(builder, ["--config", "builder-config.yaml"], {
      cwd: folder,
      stdio: ["ignore", "inherit", "inherit"],
    });
  }
  return binary;
}
