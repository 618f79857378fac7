import type { ModelKey } from "./models.ts";
import type { RowBuffer } from "./row-buffer.ts";

/** The first four columns of a table whose rows belong to a version of a model; points of a service itself have no role. */
export function encodeModelKey(
  rows: RowBuffer,
  { tenant, model, version, role }: Omit<ModelKey, "role"> & { readonly role: string },
): void {
  rows.string(tenant);
  rows.string(model);
  rows.string(version);
  rows.string(role);
}
