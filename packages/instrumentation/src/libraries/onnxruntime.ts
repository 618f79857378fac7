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

type Values = Readonly<Record<string, OnnxTensor>>;

/** Larger model files are not hashed for their version. */
const MAX_HASHED_BYTES = 256 * 1024 * 1024;
const VERSION_DIGITS = 12;
const UNKNOWN: Pick<ModelRef, "name" | "version"> = { name: "onnx-model", version: null };

/**
 * onnxruntime-node. `InferenceSession` lives in onnxruntime-common, which onnxruntime-node requires: patched there, it
 * is patched for `require` and `import` alike. A model is named after its file; its version is a hash of its content.
 */
export const onnxruntime: Library = {
  name: "onnxruntime",
  install(host) {
    const sessions = new WeakMap<object, ModelRef>();

    host.onModule(
      "onnxruntime-common",
      { from: "1.14.0", below: "2.0.0" },
      (exports: { InferenceSession?: object }) => {
        const session = exports.InferenceSession as { prototype: object } | undefined;
        return undoAll([
          wrapMethod(session, "create", (create) => {
            return async function (this: unknown, ...args: unknown[]) {
              const [created, named] = await Promise.all([create.apply(this, args), nameModel(args)]);
              sessions.set(created, { library: "onnxruntime", ...named });
              return created;
            };
          }),
          wrapMethod(session?.prototype, "run", (run) => {
            return function (this: object, ...args: unknown[]) {
              const call = host.start(sessions.get(this) ?? { library: "onnxruntime", ...UNKNOWN });
              return follow(call, () => run.apply(this, args) as Promise<Values>, {
                inputs: () => withShapes(toTensors(args[0] as Values), this as SessionShapes),
                outputs: toTensors,
              });
            };
          }),
        ]);
      },
    );
  },
};

function toTensors(values: Values): Tensor[] {
  return Object.keys(values).map((name) => toTensor(name, values[name]!));
}

function withShapes(tensors: Tensor[], { inputMetadata }: SessionShapes): Tensor[] {
  if (inputMetadata === undefined) return tensors;
  return tensors.map((tensor) => {
    const shape = inputMetadata.find(({ name }) => name === tensor.name)?.shape ?? [];
    return shape.slice(1).some((size) => typeof size === "string") ? { ...tensor, isRagged: true } : tensor;
  });
}

function toTensor(name: string, { type, dims, data }: OnnxTensor): Tensor {
  return { name, kind: kindOf(type), dims, data };
}

function kindOf(type: string): Tensor["kind"] {
  if (type === "float32" || type === "float64") return "number";
  if (/^u?int\d+$/.test(type)) return "integer";
  if (type === "bool") return "boolean";
  return type === "string" ? "text" : "other";
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
