import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { follow } from "../auto/follow.ts";
import type { Library, ModelRef } from "../auto/library.ts";
import type { Tensor } from "../auto/tensor.ts";
import { undoAll, wrapMethod } from "../auto/wrap-method.ts";

/** The parts of onnxruntime-common that are used. */
interface OnnxTensor {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: ArrayLike<unknown>;
}

/** What a session of 1.20 and later says of its inputs: numbers are fixed dimensions, text names variable ones. */
interface SessionShapes {
  readonly inputMetadata?: readonly { readonly name: string; readonly shape?: readonly (number | string)[] }[];
}

/** What is known of a session: which model it is, and which inputs have rows of a variable size. */
interface Session {
  readonly ref: ModelRef;
  readonly ragged: ReadonlySet<string>;
}

type Values = Readonly<Record<string, OnnxTensor>>;

/** Larger model files are not hashed for their version. */
const MAX_HASHED_BYTES = 256 * 1024 * 1024;
const KINDS: ReadonlyMap<string, Tensor["kind"]> = new Map([
  ["float32", "number"],
  ["float64", "number"],
  ["bool", "boolean"],
  ["string", "text"],
  ...[8, 16, 32, 64].flatMap((bits): [string, Tensor["kind"]][] => [
    [`int${bits}`, "integer"],
    [`uint${bits}`, "integer"],
  ]),
]);
const VERSION_DIGITS = 12;
const NONE: ReadonlySet<string> = new Set();
const UNKNOWN: Pick<ModelRef, "name" | "version"> = { name: "onnx-model", version: null };

/**
 * onnxruntime-node. `InferenceSession` lives in onnxruntime-common, which onnxruntime-node requires: patched there, it
 * is patched for `require` and `import` alike. A model is named after its file; its version is a hash of its content.
 */
export const onnxruntime: Library = {
  name: "onnxruntime",
  install(host) {
    const sessions = new WeakMap<object, Session>();
    const sessionOf = (session: object, name = UNKNOWN): Session => {
      let known = sessions.get(session);
      if (known === undefined) {
        known = { ref: { library: "onnxruntime", ...name }, ragged: raggedInputs(session) };
        sessions.set(session, known);
      }
      return known;
    };

    host.onModule(
      "onnxruntime-common",
      { from: "1.14.0", below: "2.0.0" },
      (exports: { InferenceSession?: object }) => {
        const session = exports.InferenceSession as { prototype: object } | undefined;
        return undoAll([
          wrapMethod(session, "create", (create) => {
            return async function (this: unknown, ...args: unknown[]) {
              const [created, named] = await Promise.all([create.apply(this, args), nameModel(args)]);
              sessionOf(created, named);
              return created;
            };
          }),
          wrapMethod(session?.prototype, "run", (run) => {
            return function (this: object, ...args: unknown[]) {
              const { ref, ragged } = sessionOf(this);
              return follow(host.start(ref), () => run.apply(this, args) as Promise<Values>, {
                inputs: () => toTensors(args[0] as Values, ragged),
                outputs: (result) => toTensors(result, NONE),
              });
            };
          }),
        ]);
      },
    );
  },
};

function toTensors(values: Values, ragged: ReadonlySet<string>): Tensor[] {
  const tensors: Tensor[] = [];
  for (const name of Object.keys(values)) {
    const { type, dims, data } = values[name]!;
    tensors.push({ name, kind: kindOf(type), dims, data, isRagged: ragged.has(name) });
  }
  return tensors;
}

/** Inputs whose rows have a variable size. Never throws. */
function raggedInputs(session: SessionShapes): ReadonlySet<string> {
  try {
    const ragged = (session.inputMetadata ?? []).filter(({ shape = [] }) =>
      shape.slice(1).some((size) => typeof size === "string"),
    );
    return new Set(ragged.map(({ name }) => name));
  } catch {
    return NONE;
  }
}

function kindOf(type: string): Tensor["kind"] {
  return KINDS.get(type) ?? "other";
}

/** Never throws: a model that cannot be read is the library's own error to tell. */
async function nameModel([source, offset, length]: readonly unknown[]): Promise<typeof UNKNOWN> {
  try {
    if (typeof source === "string") {
      const { size } = await stat(source);
      const version = size > MAX_HASHED_BYTES ? null : await hashFile(source);
      return { name: path.basename(source, path.extname(source)), version };
    }
    const bytes = bytesOf(source, offset, length);
    return { ...UNKNOWN, version: bytes === null ? null : digest(createHash("sha256").update(bytes)) };
  } catch {
    return UNKNOWN;
  }
}

function bytesOf(source: unknown, offset: unknown, length: unknown): Uint8Array | null {
  if (source instanceof Uint8Array) return source.byteLength > MAX_HASHED_BYTES ? null : source;
  if (!(source instanceof ArrayBuffer) || source.byteLength > MAX_HASHED_BYTES) return null;
  return typeof offset === "number" && typeof length === "number"
    ? new Uint8Array(source, offset, length)
    : new Uint8Array(source);
}

async function hashFile(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return digest(hash);
}

function digest(hash: ReturnType<typeof createHash>): string {
  return hash.digest("hex").slice(0, VERSION_DIGITS);
}
