import { controlChart } from "@tidemark/signals";
import { groupBy } from "../group-by.ts";
import { jsonAnswer } from "../receive/answer.ts";
import { keyText } from "../store/models.ts";
import { parseQuery, querySchemas } from "./query-schemas.ts";
import type { ReadApiOf } from "./read-api.ts";
import type { Route } from "./routes.ts";

/** A control chart of any metric over the windows of a model: limits learned from its history, jumps and slow drifts told apart. */
export function controlRoute(apiOf: ReadApiOf): Route {
  return {
    method: "GET",
    path: "/v1/control",
    summary:
      "Control charts of a metric over a model's windows: limits from history, jumps and slow drifts told apart.",
    scope: "read",
    query: querySchemas.control,
    answer: async ({ query, principal }) => {
      const { window, target, ...rest } = parseQuery(querySchemas.control, query);
      const filter = {
        ...rest,
        ...(window === undefined ? {} : { windowName: window }),
        ...(target === undefined ? {} : { target }),
      };
      const found = (await apiOf(principal.tenant).measurements(filter)).filter(({ value }) => value !== null);
      const series = groupBy(found, (row) =>
        JSON.stringify([keyText(row), row.window.name, row.target.kind, row.target.name, row.attributes]),
      );
      const charts = [...series.values()].map((rows) => {
        const { version, role, target: about, attributes, window: span } = rows[0]!;
        const windows = rows.map((row) => row.window.start);
        return {
          version,
          role,
          target: about,
          attributes,
          windowName: span.name,
          windows,
          chart: controlChart(rows.map(({ value }) => value!)),
        };
      });
      return jsonAnswer(200, { metric: rest.metric, charts });
    },
  };
}
