import { spawn } from "node:child_process";
import { once } from "node:events";

/** A server that runs beside the test and is stopped, by its own process id, when the test disposes of it. */
export interface ServerProcess extends AsyncDisposable {
  readonly pid: number;
  /** What it has printed so far. */
  output(): string;
  /** Ends it at once, as a crash does. */
  crash(): Promise<void>;
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
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await exited;
  };
  return {
    pid: child.pid ?? 0,
    output: () => output,
    crash: () => end("SIGKILL"),
    [Symbol.asyncDispose]: () => end("SIGTERM"),
  };
}
