import type { LibraryName } from "../config/auto-config.ts";
import type { Tensor } from "./tensor.ts";

/** Which model a library was asked: by the name and version that the library knows. */
export interface ModelRef {
  readonly library: LibraryName;
  readonly name: string;
  /** Null where the library knows none. */
  readonly version: string | null;
}

/** What went into a model and what came out. */
export interface CallContent {
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  /** The model's version, where only the answer tells it. */
  readonly version?: string;
  /** The id that the host gave the call: of its prediction, or of its batch. */
  readonly id?: string;
}

/** A call in flight; the first of the two to be called ends it. Neither throws, whatever its arguments do. */
export interface CallInFlight {
  /** @param read gives what was asked and answered; an exception of its own is counted, not thrown */
  end(read: () => CallContent): void;
  fail(error: unknown, readInputs?: () => readonly Tensor[]): void;
}

/** Takes a patch back. */
export type Undo = () => void;

/** What a library's instrumentation works with. */
export interface LibraryHost {
  /**
   * Calls `patch` with the exports of every copy of a package that is loaded now or later, by `require` or `import`.
   * Patch classes by their prototypes: that reaches objects that exist already, and every way of importing.
   *
   * @param versions the lowest that is supported and the lowest that is not
   */
  onModule(
    name: string,
    versions: { readonly from: string; readonly below: string },
    patch: (exports: never) => Undo | undefined,
  ): void;
  /** Patches what Node brings along. */
  onStart(patch: () => Undo): void;
  /** Notes that a model is asked now. Never throws. */
  start(model: ModelRef): CallInFlight;
  /** Runs what is ours amid what is the host's: an exception is counted, not thrown. Returns undefined then. */
  guard<T>(action: () => T): T | undefined;
  /** Runs what makes calls that belong to a call already noted: they are not noted again. */
  withoutNesting<T>(run: () => T): T;
}

/** One instrumented library. Adding one is adding such an object in a file of its own, and its name to the registry. */
export interface Library {
  readonly name: LibraryName;
  install(host: LibraryHost): void;
}
