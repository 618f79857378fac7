import { Session } from "chdb";

export type Column = readonly (number | string | null)[];

/** The columns that an SQL query over data files gives, read with the embedded engine; dates and booleans as text. */
export function readTable(sql: string): Record<string, Column> {
  const session = new Session();
  try {
    const text = session.query(sql, "JSONCompactColumns") as unknown as { toString(): string };
    const names = session.query(`DESCRIBE (${sql})`, "JSONCompactColumns") as unknown as { toString(): string };
    const columns = JSON.parse(text.toString()) as Column[];
    const [header] = JSON.parse(names.toString()) as string[][];
    return Object.fromEntries(header!.map((name, index) => [name, columns[index]!]));
  } finally {
    session.close();
  }
}
