/** What exporters of metrics and of log records have in common. */
interface Exporter<T> {
  export(items: T, done: (result: { readonly code: number; readonly error?: Error }) => void): void;
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

/** The exporter, with its failures told: the SDK would only log them to a logger that nobody set. */
export function watchedExporter<T>(exporter: Exporter<T>, onFailure: (error: unknown) => void): Exporter<T> {
  return {
    export(items, done) {
      exporter.export(items, (result) => {
        if (result.error !== undefined) onFailure(result.error);
        done(result);
      });
    },
    forceFlush: () => exporter.forceFlush(),
    shutdown: () => exporter.shutdown(),
  };
}
