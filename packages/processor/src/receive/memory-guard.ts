import { getHeapStatistics } from "node:v8";
import type { OtlpEncoding } from "@tidemark/otlp";

/** Heap that decoding takes for each byte of a body, measured on attributes of a few characters; JSON is parsed whole. */
const HEAP_PER_BYTE: Readonly<Record<OtlpEncoding, number>> = { json: 20, protobuf: 6 };
/** Left alone for everything else. */
const RESERVE_BYTES = 100_000_000;

export interface MemoryGuard {
  /** Whether the heap has room to decode a body: asked before it is parsed, as a full heap ends the process. */
  canDecode(bytes: number, encoding: OtlpEncoding): boolean;
  /** Sets heap aside for an answer that is about to be read, until the returned function is called; null where there is none. */
  reserve(bytes: number): (() => void) | null;
}

export function createMemoryGuard(
  heap: () => { readonly heap_size_limit: number; readonly used_heap_size: number } = getHeapStatistics,
): MemoryGuard {
  let reserved = 0;
  const hasRoom = (bytes: number): boolean => {
    const { heap_size_limit: limit, used_heap_size: used } = heap();
    return bytes + reserved + RESERVE_BYTES < limit - used;
  };
  return {
    canDecode: (bytes, encoding) => hasRoom(bytes * HEAP_PER_BYTE[encoding]),
    reserve(bytes) {
      if (!hasRoom(bytes)) return null;
      reserved += bytes;
      return () => {
        reserved -= bytes;
      };
    },
  };
}
