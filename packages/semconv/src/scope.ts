/** Instrumentation scope of everything Tidemark emits. */
export const SCOPE_NAME = "tidemark";

/** Schema URL of these conventions; its version moves when a name does. */
export const SCHEMA_URL = "https://tidemark.dev/schemas/0.1.0";
