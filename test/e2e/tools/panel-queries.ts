import { globSync, readFileSync } from "node:fs";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "../../..");

/** A query of a dashboard. */
export interface PanelQuery {
  readonly place: string;
  /** The same query for different choices of the variables: one that returns series is enough. */
  readonly expressions: readonly string[];
}

const CHOICES = ["flight-delay", "flight-batch", "flight-minutes"].flatMap((model) =>
  ["15s", "1m"].map((window) => ({
    $model: model,
    $version: ".*",
    $window: window,
    $segment: ".*",
    $feature: "distance",
    $service: "flight-delay-service",
    $__rate_interval: "1m",
  })),
);

/** Panels that these models have nothing for. */
const WITHOUT_DATA = ["Does it rank high what is chosen?", "Do features that moved together still do?"];

/** Every query of every panel, mark and variable of the provisioned dashboards, for models and windows of the live stack. */
export function panelQueries(): PanelQuery[] {
  interface Dashboard {
    readonly title: string;
    readonly panels: { title: string; targets?: { refId: string; expr: string }[] }[];
    readonly annotations: { list: { name: string; expr: string }[] };
    readonly templating: { list: { name: string; definition?: string }[] };
  }
  const files = globSync("grafana/dashboards/*.json", { cwd: root });
  return files.flatMap((file) => {
    const { title, panels, annotations, templating } = JSON.parse(
      readFileSync(path.join(root, file), "utf8"),
    ) as Dashboard;
    const found = [
      ...panels
        .filter((panel) => !WITHOUT_DATA.includes(panel.title))
        .flatMap((panel) =>
          (panel.targets ?? []).map(({ refId, expr }) => ({ place: `${panel.title} ${refId}`, expr })),
        ),
      ...annotations.list.map(({ name, expr }) => ({ place: `mark ${name}`, expr })),
      ...templating.list.flatMap(({ name, definition }) => {
        const selector = /^label_values\((.*), \w+\)$/.exec(definition ?? "")?.[1];
        return selector === undefined ? [] : [{ place: `variable ${name}`, expr: selector }];
      }),
    ];
    return found.map(({ place, expr }) => ({
      place: `${title}: ${place}`,
      expressions: CHOICES.map((choice) =>
        Object.entries(choice).reduce((text, [name, value]) => text.replaceAll(name, value), expr),
      ),
    }));
  });
}
