import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** How a process is started: this Node, with the options that it was started with itself. */
export interface ProcessOptions {
  /** For people: `model service`. */
  readonly name: string;
  /** File that Node runs. */
  readonly file: string;
  readonly args?: readonly string[];
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** It has work that ends: exit code 0 is no failure. */
  readonly ends?: boolean;
}

const KEPT_LINES = 20;
const KILL_AFTER_MS = 20_000;

/** A child process whose output is read line by line, and which can be stopped for good. */
export class ManagedProcess {
  readonly name: string;
  /** Resolves with the exit code, or the signal's name, once the process and its output have ended. */
  readonly exited: Promise<number | string>;
  readonly #child: ChildProcess;
  readonly #lastLines: string[] = [];
  readonly #listeners = new Set<(line: string) => void>();
  #stopping = false;

  constructor({ name, file, args = [], env = {} }: ProcessOptions) {
    this.name = name;
    this.#child = spawn(process.execPath, [...process.execArgv, file, ...args], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...env },
    });
    this.exited = new Promise((resolve) => {
      this.#child.once("error", (error) => {
        this.#keep(error.message);
        resolve("not started");
      });
      this.#child.once("close", (code, signal) => resolve(code ?? signal ?? "ended"));
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      createInterface({ input: stream! }).on("line", (line) => this.#keep(line));
    }
  }

  /** True once `stop` was called: what it does from then on is no failure. */
  get stopping(): boolean {
    return this.#stopping;
  }

  /** The last lines that it wrote, for a failure's explanation. */
  get lastLines(): readonly string[] {
    return this.#lastLines;
  }

  onLine(listener: (line: string) => void): void {
    this.#listeners.add(listener);
  }

  /** The first group of the first line that matches; never resolves where the process ends without one. */
  waitFor(pattern: RegExp): Promise<string> {
    return new Promise((resolve) => {
      const listener = (line: string) => {
        const match = pattern.exec(line);
        if (match !== null) resolve(match[1]!);
      };
      this.#lastLines.forEach(listener);
      this.#listeners.add(listener);
    });
  }

  /** Asks it to end, kills it when it does not within twenty seconds, and resolves with how it ended. */
  async stop(): Promise<number | string> {
    this.#stopping = true;
    this.#child.kill("SIGTERM");
    const timer = setTimeout(() => this.kill(), KILL_AFTER_MS);
    const exit = await this.exited;
    clearTimeout(timer);
    return exit;
  }

  kill(): void {
    this.#stopping = true;
    this.#child.kill("SIGKILL");
  }

  #keep(line: string): void {
    this.#lastLines.push(line);
    if (this.#lastLines.length > KEPT_LINES) this.#lastLines.shift();
    for (const listener of this.#listeners) listener(line);
  }
}
