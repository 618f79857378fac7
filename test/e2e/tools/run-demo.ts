import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const MAIN = path.resolve(import.meta.dirname, "../../../packages/cli/src/main.ts");

/** A row of `weekly` in the demo's JSON. */
export interface DemoWeek {
  readonly start: string;
  readonly predictions: number;
  readonly coverage: number;
  readonly accuracy: number;
  readonly f1: number;
  readonly rocAuc: number;
  readonly logLoss: number;
  readonly brier: number;
  readonly lateShare: number;
}

/** A row of `incidents` in the demo's JSON. */
export interface DemoIncident {
  readonly signal: string;
  readonly target: string;
  readonly state: string;
  readonly window: string;
  readonly windowStart: string;
  readonly windowEnd: string;
  readonly firstCause: { readonly kind: string; readonly target: string };
}

export interface DemoJson {
  readonly predictions: number;
  readonly outcomes: number;
  readonly predictionsPerSecond: number;
  readonly seconds: number;
  readonly profileId: string;
  readonly weekly: readonly DemoWeek[];
  readonly incidents: readonly DemoIncident[];
}

/** A demo in a folder of its own, as a user starts it. */
export class DemoRun {
  readonly folder = mkdtempSync(path.join(tmpdir(), "tidemark-demo-"));
  readonly child: ChildProcess;
  /** Resolves with the exit code and all that was printed. */
  readonly ended: Promise<{ readonly exitCode: number | null; readonly output: string }>;
  #output = "";

  constructor(...args: string[]) {
    const files = ["--dir", path.join(this.folder, "demo"), "--json", path.join(this.folder, "summary.json")];
    this.child = spawn("node", ["--conditions=tidemark-source", MAIN, "demo", ...files, ...args], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [this.child.stdout!, this.child.stderr!]) {
      stream.on("data", (chunk) => (this.#output += chunk));
    }
    this.ended = new Promise((resolve, reject) => {
      this.child.once("error", reject);
      this.child.once("close", (exitCode) => resolve({ exitCode, output: this.#output }));
    });
  }

  get output(): string {
    return this.#output;
  }

  /** The summary that the demo wrote. */
  json(): DemoJson {
    return JSON.parse(readFileSync(path.join(this.folder, "summary.json"), "utf8")) as DemoJson;
  }

  file(name: string): string {
    return path.join(this.folder, "demo", name);
  }

  /** Ends it where it still runs, and removes its folder. */
  async remove(): Promise<void> {
    this.child.kill("SIGTERM");
    await this.ended;
    rmSync(this.folder, { recursive: true, force: true });
  }
}
