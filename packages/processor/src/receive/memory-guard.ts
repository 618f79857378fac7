import { getHeapStatistics } from "node:v8";
import type { OtlpEncoding } from "@tidemark/otlp";

/** Heap that decoding takes for each byte of a body, measured on attributes of a few characters; JSON is parsed whole. */
const HEAP_PER_BYTE: Readonly<Record<OtlpEncoding, number>> = { json: 20, protobuf: 6 };
/** Left alone for everything else. */
const RESERVE_BYTES = 100_000_000;

/** Whether the heap has room to decode a body: asked before it is parsed, as a full heap ends the process. */
export function createMemoryGuard(
  heap: () => { readonly heap_size_limit: number; readonly used_heap_size: number } = getHeapStatistics,
): (bytes: number, encoding: OtlpEncoding) => boolean {
  return (bytes, encoding) => {
    const { heap_size_limit: limit, used_heap_size: used } = heap();
    return bytes * HEAP_PER_BYTE[encoding] + RESERVE_BYTES < limit - used;
  };
}
