import { BinaryReader } from "@bufbuild/protobuf/wire";

/** The fields of a flat protobuf message by number, such as google.rpc.Status: text, or integers as numbers. */
export function fromBinary(bytes: Uint8Array): Record<number, string | number> {
  const reader = new BinaryReader(bytes);
  const fields: Record<number, string | number> = {};
  while (reader.pos < reader.len) {
    const [number, type] = reader.tag();
    fields[number] = type === 2 ? reader.string() : Number(reader.int64());
  }
  return fields;
}
