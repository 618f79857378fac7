/** The user asked to stop, by Ctrl-C, by closing the terminal or by a signal from elsewhere. */
export class Interrupted extends Error {
  constructor() {
    super("interrupted");
  }
}

/** Turns SIGINT, SIGTERM and SIGHUP into a promise. While it listens, Node does not end by itself. */
export interface Interrupt {
  readonly isSignalled: boolean;
  /** Resolves at the first signal. */
  readonly signalled: Promise<void>;
  /** What `work` resolves with; rejects with Interrupted at the first signal. */
  unless<T>(work: Promise<T>): Promise<T>;
  release(): void;
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** @param onSecond called at each further signal: the user has lost patience */
export function listenForInterrupt(onSecond: () => void): Interrupt {
  let signals = 0;
  let resolve: () => void = () => {};
  const signalled = new Promise<void>((onFirst) => {
    resolve = onFirst;
  });
  const listener = () => (++signals === 1 ? resolve() : onSecond());
  for (const signal of SIGNALS) process.on(signal, listener);
  const interrupted = signalled.then(() => Promise.reject(new Interrupted()));
  interrupted.catch(() => {});
  return {
    get isSignalled() {
      return signals > 0;
    },
    signalled,
    unless: (work) => Promise.race([work, interrupted]),
    release() {
      for (const signal of SIGNALS) process.removeListener(signal, listener);
    },
  };
}
