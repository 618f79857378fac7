/**
 * SQL of the truth that counts, one row an id: `id, ots, kind, label, value, position, history`.
 *
 * The latest event time wins; of two truths at one instant the larger content hash, which is arbitrary and always the
 * same. `history`: `duplicate` where the same truth was told again with another time, `corrected` where a later one
 * differs, `conflict` where two differ at the winning instant. An exact repetition leaves no trace.
 *
 * @param condition restricts the outcome table, by ids where that is possible.
 */
export function resolvedOutcomes(condition: string): string {
  return `SELECT id, tupleElement(truth, 1) AS ots, tupleElement(truth, 2) AS kind, tupleElement(truth, 3) AS label,
      tupleElement(truth, 4) AS value, tupleElement(truth, 5) AS position,
      multiIf(length(told) = 1, 'single', length(arrayDistinct(tupleElement(told, 2))) = 1, 'duplicate',
        length(arrayDistinct(tupleElement(arrayFilter(each -> tupleElement(each, 1) = tupleElement(truth, 1), told), 2))) > 1,
        'conflict', 'corrected') AS history
    FROM (
      SELECT id,
        argMax(tuple(ots, toString(kind), CAST(label AS Nullable(String)), value, position), ver) AS truth,
        groupUniqArray(tuple(ots, cityHash64(tuple(kind, label, value, position)))) AS told
      FROM outcome WHERE ${condition} GROUP BY id
    )`;
}
