import { spawn } from "node:child_process";
import type { ActionConfig } from "@tidemark/schema";
import { type ActContext, type ActKind, type ActOutcome, OutcomeUnknown } from "./act-kind.ts";

type CommandConfig = Extract<ActionConfig, { type: "command" }>;

/** Runs a program with its arguments, never a shell; the evidence is its standard input, the key its environment. */
export const command: ActKind<CommandConfig> = {
  run: (context) => runProgram(context.config.run, context),
  undo(context) {
    if (context.config.undo === undefined) throw new Error("the command has no undo");
    return runProgram(context.config.undo, context);
  },
};

function runProgram(
  [program = "", ...parameters]: readonly string[],
  { idempotencyKey, evidence, directory, signal }: ActContext<CommandConfig>,
): Promise<ActOutcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, parameters, {
      cwd: directory,
      env: { PATH: process.env["PATH"], TIDEMARK_IDEMPOTENCY_KEY: idempotencyKey },
      signal,
      stdio: ["pipe", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (bytes: Buffer) => {
        if (output.length < MAX_OUTPUT) output += bytes.toString("utf8");
      });
    }
    child.stdin.on("error", () => undefined);
    child.stdin.end(JSON.stringify(evidence));
    child.once("error", (error) =>
      reject(error.name === "AbortError" ? new OutcomeUnknown(`${program} did not end in time`) : error),
    );
    child.once("close", (code, ended) => {
      const last = output.trimEnd().split("\n").at(-1)?.slice(0, 200) ?? "";
      if (code === 0) resolve({ text: last || "exit code 0" });
      // Its own exit code is its word; one that was ended has said nothing of how far it came.
      else if (code === null) reject(new OutcomeUnknown(`${program} was ended by ${ended}: ${last}`));
      else reject(new Error(`${program} ended with ${code}: ${last}`));
    });
  });
}

const MAX_OUTPUT = 64 * 1024;
