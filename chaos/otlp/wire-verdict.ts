import type { OtlpSignal } from "@tidemark/otlp";

/** Sub-messages by field number; a field that is not listed is passed over by its wire type. */
type Shape = ReadonlyMap<number, () => Shape>;

const message = (fields: Readonly<Record<number, () => Shape>>): Shape =>
  new Map(Object.entries(fields).map(([number, shape]) => [Number(number), shape]));

const KEY_VALUE_OUTSIDE = message({});
const RECORD = (attributes: number) => message({ [attributes]: () => KEY_VALUE_OUTSIDE });
const LOGS = message({ 1: () => message({ 2: () => message({ 2: () => RECORD(6) }) }) });
const TRACES = message({ 1: () => message({ 2: () => message({ 2: () => RECORD(9) }) }) });
const METRIC = message({});
const METRICS = message({
  1: () => message({ 1: () => message({}), 2: () => message({ 1: () => message({}), 2: () => METRIC }) }),
});

const OUTSIDES: Readonly<Record<OtlpSignal, Shape>> = { logs: LOGS, traces: TRACES, metrics: METRICS };

/**
 * Whether bytes are well-formed as the outer messages of a request, decided apart from the decoder: 400 where an outer
 * message is broken, which no decoder may accept; null where it depends on what is inside. Source: protobuf encoding guide.
 */
export function wireVerdict(signal: OtlpSignal, bytes: Uint8Array): 400 | null {
  return isWellFormed(bytes, 0, bytes.length, OUTSIDES[signal]) ? null : 400;
}

function isWellFormed(bytes: Uint8Array, from: number, to: number, shape: Shape): boolean {
  let at = from;
  while (at < to) {
    const tag = varint(bytes, at, to, 5);
    if (tag === null || tag.value > 0xffff_ffff || Math.floor(tag.value / 8) === 0) return false;
    at = tag.next;
    switch (tag.value % 8) {
      case 0: {
        const skipped = varint(bytes, at, to, 10);
        if (skipped === null) return false;
        at = skipped.next;
        break;
      }
      case 1:
        at += 8;
        break;
      case 2: {
        const length = varint(bytes, at, to, 5);
        if (length === null || length.value > to - length.next) return false;
        at = length.next + length.value;
        const inner = shape.get(Math.floor(tag.value / 8));
        if (inner !== undefined && !isWellFormed(bytes, length.next, at, inner())) return false;
        break;
      }
      case 5:
        at += 4;
        break;
      default:
        // Groups are not part of OTLP.
        return false;
    }
    if (at > to) return false;
  }
  return true;
}

function varint(bytes: Uint8Array, from: number, to: number, maxBytes: number): { value: number; next: number } | null {
  let value = 0;
  for (let index = 0; index < maxBytes && from + index < to; index++) {
    const byte = bytes[from + index]!;
    value += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return { value, next: from + index + 1 };
  }
  return null;
}
