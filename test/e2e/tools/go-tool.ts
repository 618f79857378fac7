import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";

export interface GoTool {
  /** Folder beside this file that holds the tool's go.mod and go.sum. */
  readonly module: string;
  /** Import path of the command. */
  readonly command: string;
  readonly flags: readonly string[];
}

const CACHE = path.resolve(import.meta.dirname, "../../../.cache");

const PROMETHEUS_FLAGS = [
  "-tags",
  "netgo,remove_all_sd",
  "-ldflags",
  "-s -w -X github.com/prometheus/common/version.Version=3.16.0",
];

export const PROMTOOL: GoTool = {
  module: "prometheus",
  command: "github.com/prometheus/prometheus/cmd/promtool",
  flags: PROMETHEUS_FLAGS,
};

export const PROMETHEUS: GoTool = { ...PROMTOOL, command: "github.com/prometheus/prometheus/cmd/prometheus" };

export const ALERTMANAGER: GoTool = {
  module: "alertmanager",
  command: "github.com/prometheus/alertmanager/cmd/alertmanager",
  flags: ["-tags", "netgo", "-ldflags", "-s -w -X github.com/prometheus/common/version.Version=0.28.1"],
};

export const COMPOSE: GoTool = { module: "compose", command: "github.com/compose-spec/compose-go/v2/cmd", flags: [] };

/**
 * Path of a Go program, built from its pinned module when the cache lacks it: minutes the first time, then nothing.
 * Throws with the compiler's own words when the build fails.
 */
export function goTool({ module, command, flags }: GoTool): string {
  const folder = path.join(import.meta.dirname, module);
  const pin = createHash("sha256");
  for (const file of ["go.mod", "go.sum"]) pin.update(readFileSync(path.join(folder, file)));
  const target = path.join(
    CACHE,
    module,
    pin.update(flags.join(" ")).digest("hex").slice(0, 16),
    path.basename(command),
  );
  if (!existsSync(target)) {
    mkdirSync(path.dirname(target), { recursive: true });
    execFileSync("go", ["build", "-mod=readonly", "-trimpath", ...flags, "-o", target, command], {
      cwd: folder,
      env: { ...process.env, CGO_ENABLED: "0" },
      stdio: ["ignore", "inherit", "inherit"],
    });
  }
  return target;
}
