import type { FeatureCodes } from "@tidemark/signals";
import { CELL } from "./value-cell.ts";

/** Code of each cell of `valueCellSql`; 0 for a value in no cell. */
export function cellCodes({ codeOfCell }: FeatureCodes, cells: Int32Array): Uint8Array {
  const codes = new Uint8Array(cells.length);
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i]!;
    if (cell >= 0) codes[i] = codeOfCell[cell >= CELL.outside ? cell - CELL.outside : cell] ?? 0;
  }
  return codes;
}
