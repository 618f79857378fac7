import type { Undo } from "./library.ts";

// biome-ignore lint/suspicious/noExplicitAny: wraps methods of libraries whose types are not installed
type AnyFunction = (this: any, ...args: any[]) => any;

/** Our wrappers, so that a class that is reached in two ways (require and import, two instrumentations) is wrapped once. */
const wrappers = new WeakSet<AnyFunction>();

/**
 * Replaces a method of an object (a prototype, mostly). Undone only while nobody has wrapped it again on top.
 * Undefined where there is no such method, it cannot be replaced, or it is wrapped already.
 */
export function wrapMethod(
  target: object | undefined,
  name: string,
  wrap: (original: AnyFunction) => AnyFunction,
): Undo | undefined {
  const owner = target as Record<string, unknown> | undefined;
  const original = owner?.[name];
  if (owner === undefined || typeof original !== "function" || wrappers.has(original as AnyFunction)) return undefined;
  const descriptor = Object.getOwnPropertyDescriptor(owner, name);
  if (descriptor?.configurable === false && descriptor.writable !== true) return undefined;
  const wrapped = wrap(original as AnyFunction);
  wrappers.add(wrapped);
  Object.defineProperty(wrapped, "name", { value: name, configurable: true });
  Object.defineProperty(wrapped, "length", { value: original.length, configurable: true });
  const enumerable = descriptor?.enumerable ?? false;
  Object.defineProperty(owner, name, { value: wrapped, writable: true, configurable: true, enumerable });
  return () => {
    if (owner[name] !== wrapped) return;
    if (descriptor === undefined) delete owner[name];
    else Object.defineProperty(owner, name, descriptor);
  };
}

/** All patches as one; undefined where there is none. */
export function undoAll(undos: readonly (Undo | undefined)[]): Undo | undefined {
  const made = undos.filter((undo) => undo !== undefined);
  if (made.length === 0) return undefined;
  return () => {
    for (const undo of made) undo();
  };
}
