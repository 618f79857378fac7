import type { Library } from "../auto/library.ts";
import { onnxruntime } from "./onnxruntime.ts";
import { openInference } from "./open-inference.ts";
import { tfjs } from "./tfjs.ts";
import { transformers } from "./transformers.ts";

/** Every instrumented library. */
export const libraries: readonly Library[] = [onnxruntime, tfjs, transformers, openInference];
