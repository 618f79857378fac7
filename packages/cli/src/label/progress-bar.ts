/** A line on stderr that shows how far long work is; nothing where stderr is no terminal. */
export interface ProgressBar {
  readonly show: (done: number) => void;
  readonly clear: () => void;
}

const WIDTH = 30;
const EVERY_MS = 100;

export function createProgressBar(
  total: number,
  unit: string,
  stream: Pick<NodeJS.WriteStream, "isTTY" | "write"> = process.stderr,
): ProgressBar {
  if (!stream.isTTY) return { show: () => undefined, clear: () => undefined };
  let shownMs = -EVERY_MS;
  return {
    show(done) {
      const nowMs = performance.now();
      if (nowMs - shownMs < EVERY_MS && done < total) return;
      shownMs = nowMs;
      const full = total === 0 ? WIDTH : Math.min(WIDTH, Math.floor((WIDTH * done) / total));
      const bar = `${"█".repeat(full)}${"░".repeat(WIDTH - full)}`;
      stream.write(`\r${bar} ${done.toLocaleString("en")} of ${total.toLocaleString("en")} ${unit}`);
    },
    clear: () => void stream.write("\r\u001b[K"),
  };
}
