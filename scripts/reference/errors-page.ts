import { errors } from "@tidemark/semconv";
import { GENERATED, markdownTable } from "./markdown-table.ts";

/** docs/reference/errors.md: every error code with its meaning and what to do. */
export function errorsPage(): string {
  return `${GENERATED}

# Error codes

${markdownTable(
  ["code", "meaning", "what to do"],
  Object.values(errors).map((error) => [`\`${error.code}\``, error.meaning, error.fix]),
)}
`;
}
