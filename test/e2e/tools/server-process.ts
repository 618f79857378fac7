import { spawn } from "node:child_process";
import { once } from "node:events";

/** A server that runs beside the test and is stopped, by its own process id, when the test disposes of it. */
export interface ServerProcess extends AsyncDisposable {
  /** What it has printed so far. */
  output(): string;
}

/** Starts a program; its output is kept for error messages. */
export function startServer(
  command: string,
  args: readonly string[],
  options: { cwd: string; env?: Record<string, string> },
): ServerProcess {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  const exited = once(child, "exit");
  return {
    output: () => output,
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await exited;
    },
  };
}
