/** Webhooks by source and result, for metrics. */
export interface WebhookCounts {
  add(source: string, result: "accepted" | "refused"): void;
  list(): { readonly source: string; readonly result: string; readonly count: number }[];
}

export function createWebhookCounts(): WebhookCounts {
  const counts = new Map<string, number>();
  return {
    add(source, result) {
      const key = `${source} ${result}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    },
    list: () =>
      [...counts].map(([key, count]) => {
        const [source = "", result = ""] = key.split(" ");
        return { source, result, count };
      }),
  };
}
