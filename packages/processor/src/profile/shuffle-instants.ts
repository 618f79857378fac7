import { seededUniform } from "@tidemark/stats";

const SEED = 20_250_701;

/**
 * Order of rows in which those of one time are shuffled (Fisher and Yates), the same for the same times: by place the row that comes there.
 *
 * @param timeOf of a row; rows stand in the order of time.
 */
export function shuffleInstants(rows: number, timeOf: (row: number) => bigint): Int32Array {
  const random = seededUniform(SEED);
  const order = Int32Array.from({ length: rows }, (_, row) => row);
  for (let from = 0, to = 1; from < rows; from = to, to += 1) {
    while (to < rows && timeOf(to) === timeOf(from)) to += 1;
    for (let row = to - 1; row > from; row--) {
      const other = from + Math.floor(random() * (row - from + 1));
      [order[row], order[other]] = [order[other]!, order[row]!];
    }
  }
  return order;
}
