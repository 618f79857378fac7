import { ManagedProcess, type ProcessOptions } from "./managed-process.ts";

/** A process of the group ended with an error, or although nobody had asked it to. */
export class ProcessFailed extends Error {
  constructor({ name, lastLines }: ManagedProcess, exit: number | string) {
    super([`the ${name} ended unexpectedly (${exit}). Its last lines:`, ...lastLines].join("\n  "));
  }
}

/** Processes that live and end together: when one fails, `failure` rejects, and `stopAll` leaves none behind. */
export class ProcessGroup {
  readonly #processes: ManagedProcess[] = [];
  readonly #failed: Promise<never>;
  #fail: (reason: ProcessFailed) => void = () => {};

  constructor() {
    this.#failed = new Promise((_resolve, reject) => {
      this.#fail = reject;
    });
    this.#failed.catch(() => {});
  }

  /** Starts a process; unless it says so, it must not end before it is told to. */
  start(options: ProcessOptions): ManagedProcess {
    const started = new ManagedProcess(options);
    this.#processes.push(started);
    started.exited.then((exit) => {
      const isDone = options.ends === true && exit === 0;
      if (!started.stopping && !isDone) this.#fail(new ProcessFailed(started, exit));
    });
    return started;
  }

  /** What `work` resolves with; rejects as soon as a process of the group fails. */
  unlessFailed<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.#failed]);
  }

  /** Stops all, the last started first, so that each can still reach those it depends on. */
  async stopAll(): Promise<void> {
    for (const one of this.#processes.toReversed()) await one.stop();
  }

  killAll(): void {
    for (const one of this.#processes) one.kill();
  }
}
