/** Vectors (embeddings) among the inputs of one prediction; further ones are left out. */
export const MAX_VECTORS = 8;

/** Elements of a vector; a longer one is left out. */
export const MAX_VECTOR_LENGTH = 4_096;
