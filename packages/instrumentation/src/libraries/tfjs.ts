import path from "node:path";
import { follow, followSync } from "../auto/follow.ts";
import type { Library, LibraryHost, ModelRef } from "../auto/library.ts";
import type { Tensor } from "../auto/tensor.ts";
import { undoAll, wrapMethod } from "../auto/wrap-method.ts";

/** The parts of a tensor of @tensorflow/tfjs-core that are used. */
interface TfTensor {
  readonly name?: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly size: number;
  dataSync(): ArrayLike<unknown>;
}

/** What the models take and give: one tensor, a list in the order of the model's own names, or tensors by name. */
type TfValues = TfTensor | readonly TfTensor[] | Readonly<Record<string, TfTensor>>;

/** The parts of a LayersModel or a GraphModel that are used. */
interface TfModel {
  readonly name?: string;
  readonly modelUrl?: unknown;
  readonly inputNames?: readonly string[];
  readonly outputNames?: readonly string[];
  readonly inputNodes?: readonly string[];
  readonly outputNodes?: readonly string[];
}

const VERSIONS = { from: "4.0.0", below: "5.0.0" } as const;
const UNKNOWN_NAME = "graph-model";
const SYNC_METHODS = ["predict", "predictOnBatch", "execute"] as const;
const ASYNC_METHODS = ["predictAsync", "executeAsync"] as const;
/** Copying a larger tensor out of its backend would cost the host more than a little. */
const MAX_ELEMENTS = 1_000_000;
const KINDS: Readonly<Record<string, Tensor["kind"]>> = {
  float32: "number",
  int32: "integer",
  bool: "boolean",
  string: "text",
};

/**
 * TensorFlow.js. The model classes live in @tensorflow/tfjs-layers and @tensorflow/tfjs-converter, which
 * @tensorflow/tfjs and tfjs-node require. A layers model is named by its name, a graph model after its folder.
 */
export const tfjs: Library = {
  name: "tfjs",
  install(host) {
    // Methods call one another before they first wait: only the outermost is a call of the host's.
    const nesting = { depth: 0 };
    const patch = (prototype: object | undefined) => undoAll(patchModel(prototype, host, nesting));
    host.onModule(
      "@tensorflow/tfjs-layers",
      VERSIONS,
      (exports: { LayersModel?: { prototype: object }; Sequential?: { prototype: object } }) =>
        undoAll([patch(exports.Sequential?.prototype), patch(exports.LayersModel?.prototype)]),
    );
    host.onModule("@tensorflow/tfjs-converter", VERSIONS, (exports: { GraphModel?: { prototype: object } }) =>
      patch(exports.GraphModel?.prototype),
    );
  },
};

function patchModel(prototype: object | undefined, host: LibraryHost, nesting: { depth: number }) {
  const outermost = <T>(ask: () => T): T => {
    nesting.depth++;
    try {
      return ask();
    } finally {
      nesting.depth--;
    }
  };
  const wrap = (name: string, isAsync: boolean) =>
    wrapMethod(prototype, name, (original) => {
      return function (this: TfModel, ...args: unknown[]) {
        if (nesting.depth > 0) return original.apply(this, args);
        const ask = () => outermost(() => original.apply(this, args));
        const readers = {
          inputs: () => toTensors(args[0] as TfValues, this.inputNames ?? this.inputNodes, "input"),
          outputs: (result: TfValues) => toTensors(result, this.outputNames ?? this.outputNodes, "output"),
        };
        const call = host.start(refOf(this));
        return isAsync ? follow(call, ask, readers) : followSync(call, ask, readers);
      };
    });
  return [...SYNC_METHODS.map((name) => wrap(name, false)), ...ASYNC_METHODS.map((name) => wrap(name, true))];
}

function toTensors(values: TfValues, names: readonly string[] | undefined, fallback: string): Tensor[] {
  if (isTensor(values)) return [toTensor(names?.[0] ?? fallback, values)];
  if (Array.isArray(values)) {
    return values.map((tensor: TfTensor, index) => toTensor(names?.[index] ?? `${fallback}.${index}`, tensor));
  }
  return Object.entries(values as Readonly<Record<string, TfTensor>>).map(([name, tensor]) => toTensor(name, tensor));
}

function isTensor(values: TfValues): values is TfTensor {
  return typeof (values as TfTensor).dataSync === "function";
}

function toTensor(name: string, tensor: TfTensor): Tensor {
  const isReadable = tensor.size <= MAX_ELEMENTS && KINDS[tensor.dtype] !== undefined;
  const kind = isReadable ? KINDS[tensor.dtype]! : "other";
  return { name, kind, dims: tensor.shape, data: isReadable ? tensor.dataSync() : [] };
}

/** Never throws. */
function refOf(model: TfModel): ModelRef {
  let name = UNKNOWN_NAME;
  try {
    name = nameOf(model);
  } catch {
    // A model that does not tell its name.
  }
  return { library: "tfjs", name, version: null };
}

function nameOf({ name, modelUrl }: TfModel): string {
  if (typeof name === "string" && name !== "") return name;
  const handler = Array.isArray(modelUrl) ? modelUrl[0] : modelUrl;
  const place: unknown = typeof handler === "string" ? handler : (handler as { path?: unknown } | undefined)?.path;
  const file: unknown = Array.isArray(place) ? place[0] : place;
  if (typeof file !== "string") return UNKNOWN_NAME;
  return path.basename(file.endsWith(".json") ? path.dirname(file) : file) || UNKNOWN_NAME;
}
