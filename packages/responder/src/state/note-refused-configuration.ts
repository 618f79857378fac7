import { openResponderState } from "./responder-state.ts";

/**
 * Notes on the audit log of a state file that a start was refused for its configuration, such as policies that contradict
 * each other. A responder that runs on the file is not disturbed. Throws where the file cannot be opened or written.
 * @param reason every problem, as the person at the terminal reads it.
 */
export function noteRefusedConfiguration(statePath: string, file: string, reason: string, atMs: number): void {
  const state = openResponderState(statePath);
  try {
    state.audit.append({ atMs, actor: "operator", kind: "config.refused", subject: file, detail: { reason } });
  } finally {
    state.database.close();
  }
}
