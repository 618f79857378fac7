/** A named tensor as automatic instrumentation sees it: any library's values, row-major, not copied. */
export interface Tensor {
  readonly name: string;
  /** What its elements are; integers may be BigInts. `other` is only counted as a row. */
  readonly kind: "number" | "integer" | "boolean" | "text" | "other";
  /** The first dimension is the batch; no dimension: a single value. */
  readonly dims: readonly number[];
  readonly data: ArrayLike<unknown>;
  /** The model says that rows differ in size from call to call: texts, not columns. */
  readonly isRagged?: boolean;
}

/** Rows of a tensor: its first dimension. */
export function rowCount({ dims }: Tensor): number {
  return dims[0] ?? 1;
}

/** Elements of one row. */
export function rowWidth({ dims }: Tensor): number {
  let width = 1;
  for (let axis = 1; axis < dims.length; axis++) width *= dims[axis]!;
  return width;
}

/** An element as a feature value: integers become numbers, 0 and 1 of a boolean tensor booleans. */
export function elementAt({ kind, data }: Tensor, index: number): unknown {
  const element = data[index];
  if (typeof element === "bigint") return Number(element);
  if (kind === "boolean" && typeof element === "number") return element !== 0;
  return element;
}

/** The tensor of a name; a loop, for it runs on every call. */
export function findTensor(tensors: readonly Tensor[], name: string): Tensor | undefined {
  for (const tensor of tensors) if (tensor.name === name) return tensor;
  return undefined;
}
