import type { SeededRandom } from "../../bench/detection/seeded-random.ts";

interface Field {
  tag: number;
  /** Of a message its fields; else the bytes after the tag, with their length where they have one. */
  content: Field[] | Buffer;
}

const WIRE_LENGTH = 2;
const HOSTILE_TAGS = [0, 0x03, 0x04, 0x06, 0x07, 0x0a, 0x12, 0x32, 0x09, 0x59, 0x7a, 0xfffffff8];
const HOSTILE_CONTENTS = [
  Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]),
  Buffer.from([0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80]),
  Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f]),
  Buffer.from([0x04, 0xc3, 0x28, 0xa0, 0xa1]),
  Buffer.from([0, 0, 0, 0, 0, 0, 0xf8, 0x7f]),
  Buffer.alloc(0),
];

/**
 * Protobuf bytes changed by their structure: fields left out, repeated, swapped, given another number or wire type or
 * hostile content, with the lengths around them put right or left wrong. Returns what was done.
 */
export function mutateProtobuf(bytes: Uint8Array, random: SeededRandom): { bytes: Uint8Array; mutation: string } {
  const fields = parse(Buffer.from(bytes));
  if (fields === null || random.uniform() < 0.2) return mutateBytes(bytes, random);
  const names: string[] = [];
  const changes = 1 + Math.floor(random.uniform() * 4);
  for (let change = 0; change < changes; change++) {
    const lists = listsOf(fields).filter((list) => list.length > 0);
    const list = lists[Math.floor(random.uniform() * lists.length)];
    if (list === undefined) break;
    names.push(changeField(list, Math.floor(random.uniform() * list.length), random));
  }
  return { bytes: encode(fields), mutation: names.join("+") };
}

/** Bytes changed with no regard to what they mean. */
export function mutateBytes(bytes: Uint8Array, random: SeededRandom): { bytes: Uint8Array; mutation: string } {
  let changed = Buffer.from(bytes);
  const at = () => Math.floor(random.uniform() * (changed.length + 1));
  const kind = Math.floor(random.uniform() * 4);
  if (kind === 0) return { bytes: changed.subarray(0, at()), mutation: "cut off" };
  for (let edit = 0; edit < 1 + random.uniform() * 6; edit++) {
    const start = Math.min(at(), Math.max(0, changed.length - 1));
    const piece = changed.subarray(start, start + 1 + Math.floor(random.uniform() * 12));
    if (kind === 1) changed[start] = Math.floor(random.uniform() * 256);
    else if (kind === 2) changed = Buffer.concat([changed.subarray(0, start), piece, changed.subarray(start)]);
    else changed = Buffer.concat([changed.subarray(0, start), changed.subarray(start + piece.length)]);
  }
  return { bytes: changed, mutation: ["", "bytes set", "bytes doubled", "bytes taken out"][kind]! };
}

function changeField(list: Field[], index: number, random: SeededRandom): string {
  const field = list[index]!;
  switch (Math.floor(random.uniform() * 7)) {
    case 0:
      list.splice(index, 1);
      return "field removed";
    case 1:
      list.push(...Array.from({ length: 1 + Math.floor(random.uniform() * 20) }, () => structuredCloneField(field)));
      return "field repeated";
    case 2:
      list.reverse();
      return "fields reversed";
    case 3:
      field.tag = HOSTILE_TAGS[Math.floor(random.uniform() * HOSTILE_TAGS.length)]!;
      return "another tag";
    case 4:
      field.tag = (field.tag & ~7) | Math.floor(random.uniform() * 8);
      return "another wire type";
    case 5:
      field.content = HOSTILE_CONTENTS[Math.floor(random.uniform() * HOSTILE_CONTENTS.length)]!;
      return "hostile content";
    default:
      list.splice(index, 0, { tag: (500 << 3) | WIRE_LENGTH, content: Buffer.from([3, 1, 2, 3]) });
      return "unknown field";
  }
}

function structuredCloneField({ tag, content }: Field): Field {
  return { tag, content: Buffer.isBuffer(content) ? Buffer.from(content) : content.map(structuredCloneField) };
}

function listsOf(fields: Field[]): Field[][] {
  return [fields, ...fields.flatMap(({ content }) => (Buffer.isBuffer(content) ? [] : listsOf(content)))];
}

/** Whatever reads as a message is taken for one. Null where the bytes do not read as fields. */
function parse(bytes: Buffer): Field[] | null {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): number | null => {
    let value = 0;
    for (let shift = 0; at < bytes.length && shift < 64; shift += 7) {
      const byte = bytes[at++]!;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    return null;
  };
  while (at < bytes.length) {
    const tag = varint();
    if (tag === null || tag >>> 3 === 0) return null;
    const start = at;
    let content: Field["content"] | null = null;
    if ((tag & 7) === WIRE_LENGTH) {
      const length = varint();
      if (length === null || length > bytes.length - at) return null;
      const inner = bytes.subarray(at, at + length);
      at += length;
      content = (length > 1 ? parse(inner) : null) ?? bytes.subarray(start, at);
    } else if ((tag & 7) === 0) {
      if (varint() === null) return null;
      content = bytes.subarray(start, at);
    } else if ((tag & 7) === 1 || (tag & 7) === 5) {
      at += (tag & 7) === 1 ? 8 : 4;
      if (at > bytes.length) return null;
      content = bytes.subarray(start, at);
    }
    if (content === null) return null;
    fields.push({ tag, content });
  }
  return fields;
}

function encode(fields: readonly Field[]): Buffer {
  return Buffer.concat(
    fields.flatMap(({ tag, content }) => {
      if (Buffer.isBuffer(content)) return [encodeVarint(tag), content];
      const inner = encode(content);
      return [encodeVarint(tag), encodeVarint(inner.length), inner];
    }),
  );
}

function encodeVarint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value >>> 0; ; rest >>>= 7) {
    if (rest < 0x80) return Buffer.from([...bytes, rest]);
    bytes.push((rest & 0x7f) | 0x80);
  }
}
