import type { EmbeddingProfile } from "@tidemark/schema";
import { TidemarkError } from "@tidemark/semconv";
import type { EngineSession } from "../store/engine-session.ts";
import type { BuildProfileOptions } from "./build-options.ts";
import type { DataFile } from "./data-file.ts";
import { readMissing, readVectors } from "./read-vectors.ts";
import { referenceEmbedding } from "./reference-embedding.ts";
import { noInflation, type VarianceInflation, varianceInflation } from "./variance-inflation.ts";
import type { VectorColumn } from "./vector-column.ts";

const NO_DIRECTIONS = "too few of its vectors have a direction, or all have the same";

/** The reference of every column of vectors; one whose vectors all point the same way is left out with a notice, or refused where it was named. */
export async function referenceEmbeddings(
  session: EngineSession,
  file: DataFile,
  columns: readonly VectorColumn[],
  options: BuildProfileOptions,
): Promise<EmbeddingProfile[]> {
  const found: EmbeddingProfile[] = [];
  const isOrdered = options.time !== undefined;
  for (const column of columns) {
    const rows = await readVectors(session, file, column, options);
    const missing = await missingInflation(session, file, column, options);
    const embedding = referenceEmbedding(column, rows, isOrdered);
    if (embedding !== null) {
      found.push({ ...embedding, missing: { varianceInflation: missing } });
    } else if (options.vectors === undefined) {
      options.onNote?.(`column "${column.name}" is left out: ${NO_DIRECTIONS}`);
    } else {
      throw new TidemarkError("dataUnreadable", `column "${column.name}" of ${file.path}: ${NO_DIRECTIONS}`);
    }
  }
  return found;
}

async function missingInflation(
  session: EngineSession,
  file: DataFile,
  column: VectorColumn,
  options: BuildProfileOptions,
): Promise<VarianceInflation> {
  if (column.missing === 0 || options.time === undefined) return noInflation(false);
  const { bins, hours } = await readMissing(session, file, column, options);
  const counts = [column.rows, column.missing];
  const slots = new Int32Array(bins.length);
  return varianceInflation({ kind: "categorical", boundaries: [], counts, slots: null }, { bins, slots, hours });
}
