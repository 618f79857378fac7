import type { CallInFlight } from "./library.ts";
import type { Tensor } from "./tensor.ts";

/** How the content of a call is read, once it is over. */
export interface CallReaders<T> {
  readonly inputs: () => readonly Tensor[];
  readonly outputs: (result: T) => readonly Tensor[];
}

/**
 * Makes a library's call, which answers with a promise, and ends it with that. The host gets a derived promise, so that
 * a rejection it forgets to handle stays unhandled, as without us.
 */
export function follow<T>(call: CallInFlight, ask: () => Promise<T>, { inputs, outputs }: CallReaders<T>): Promise<T> {
  let promise: Promise<T>;
  try {
    promise = ask();
  } catch (error) {
    call.fail(error, inputs);
    throw error;
  }
  return promise.then(
    (result) => {
      call.end(() => ({ inputs: inputs(), outputs: outputs(result) }));
      return result;
    },
    (error: unknown) => {
      call.fail(error, inputs);
      throw error;
    },
  );
}

/** The same for a call that answers at once. */
export function followSync<T>(call: CallInFlight, ask: () => T, { inputs, outputs }: CallReaders<T>): T {
  let result: T;
  try {
    result = ask();
  } catch (error) {
    call.fail(error, inputs);
    throw error;
  }
  call.end(() => ({ inputs: inputs(), outputs: outputs(result) }));
  return result;
}
