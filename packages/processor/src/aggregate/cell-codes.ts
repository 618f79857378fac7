import type { FeatureCodes } from "@tidemark/signals";
import { CELL } from "./value-cell.ts";

/** Code of each cell of `valueCellSql`; 0 for a value in no cell. */
export function cellCodes({ codeOfCell }: FeatureCodes, cells: Int32Array): Uint8Array {
  return Uint8Array.from(cells, (cell) => {
    if (cell < 0) return 0;
    return codeOfCell[cell >= CELL.outside ? cell - CELL.outside : cell] ?? 0;
  });
}
