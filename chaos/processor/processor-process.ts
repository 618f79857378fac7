import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { testProfile } from "../../packages/processor/test/service/test-profile.ts";
import { root } from "../../scripts/run.ts";

/** A real `tidemark serve` in a process of its own. */
export interface ProcessorProcess {
  readonly url: string;
  readonly pid: number;
  /** Resident memory in bytes; 0 once it has ended. */
  residentBytes(): number;
  /** What it logged so far. */
  log(): string;
  /** Sends a signal and resolves with the exit code, or null where the signal ended it. */
  stop(signal: "SIGTERM" | "SIGKILL"): Promise<number | null>;
  hasEnded(): boolean;
}

export interface ProcessorSetup {
  /** Folder for configuration, profile and data; made where it is not there. */
  readonly folder: string;
  /** Parts of tidemark.yaml beside the model. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** A program to run instead of `tidemark serve FILE`, with the path of the configuration as its argument. */
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

const START_TIMEOUT_MS = 180_000;

/** Starts one with the model `flight-delay` and resolves when it listens. Throws with its log where it ends before. */
export async function startProcessorProcess({
  folder,
  config = {},
  command = [],
  environment = {},
}: ProcessorSetup): Promise<ProcessorProcess> {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, "tidemark.yaml");
  writeFileSync(path.join(folder, "profile.json"), JSON.stringify(testProfile()));
  const model = { name: "flight-delay", profile: "profile.json", windows: ["24h"] };
  writeFileSync(file, JSON.stringify({ server: { port: 0 }, store: { path: "data" }, models: [model], ...config }));
  const program = command.length > 0 ? command : [path.join(root, "packages/cli/src/main.ts"), "serve"];
  const child = spawn(process.execPath, ["--conditions=tidemark-source", ...program, file], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...environment },
  });
  let log = "";
  const keep = (chunk: Buffer) => {
    log = (log + chunk.toString("utf8")).slice(-100_000);
  };
  child.stderr.on("data", keep);
  child.stdout.on("data", keep);
  const ended = once(child, "exit") as Promise<[number | null]>;
  const url = await Promise.race([
    listening(child, () => log),
    ended.then(([code]) => Promise.reject(new Error(`the processor ended with ${code}: ${log.slice(-2_000)}`))),
  ]);
  return {
    url,
    pid: child.pid!,
    log: () => log,
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    residentBytes: () => residentBytes(child),
    async stop(signal) {
      child.kill(signal);
      const [code] = await ended;
      return code;
    },
  };
}

function listening(child: ChildProcess, log: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`it does not listen: ${log()}`)), START_TIMEOUT_MS);
    child.stdout!.on("data", () => {
      const match = /listening on (\S+)/.exec(log());
      if (match === null) return;
      clearTimeout(timer);
      resolve(match[1]!);
    });
    child.once("exit", () => clearTimeout(timer));
  });
}

function residentBytes({ pid, exitCode, signalCode }: ChildProcess): number {
  if (exitCode !== null || signalCode !== null) return 0;
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
}
