/** Rows in a window below which nothing is judged (DETECTION 9). */
export const MINIMUM_WINDOW_ROWS = 50;

/** Rows in a reference below which nothing is judged against it (DETECTION 6). */
export const MINIMUM_REFERENCE_ROWS = 200;
