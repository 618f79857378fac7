import { unwatchFile, watchFile } from "node:fs";

export interface Reloaded<T> {
  /** What the files said when they were last in order. */
  current(): T;
  close(): void;
}

export interface ReloadOptions<T> {
  readonly paths: readonly string[];
  /** Reads the files; throws where they are not in order. */
  readonly load: () => T;
  readonly onChange: (value: T, before: T) => void;
  /** The files changed and are not in order: what was loaded before stays in force. */
  readonly onFailure: (error: unknown) => void;
}

/** Files are looked at this often: also seen are files that are renamed into place, as secrets in Kubernetes are. */
const POLL_MS = 1_000;

/** Loads what some files hold, and again when one changes. Throws what the first load throws. */
export function reloaded<T>({ paths, load, onChange, onFailure }: ReloadOptions<T>): Reloaded<T> {
  let value = load();
  const look = () => {
    try {
      const next = load();
      const before = value;
      value = next;
      onChange(next, before);
    } catch (error) {
      onFailure(error);
    }
  };
  for (const path of paths) watchFile(path, { interval: POLL_MS, persistent: false }, look);
  return {
    current: () => value,
    close() {
      for (const path of paths) unwatchFile(path, look);
    },
  };
}
