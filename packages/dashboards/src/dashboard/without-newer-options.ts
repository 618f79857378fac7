/** What the SDK writes by default and Grafana 9.4 does not know, or knows of other kinds of variables only. */
export const NEWER_OPTIONS: ReadonlySet<string> = new Set([
  "allowCustomValue",
  "auto",
  "auto_count",
  "auto_min",
  "maxVizHeight",
  "namePlacement",
  "percentChangeColorMode",
  "showPercentChange",
  "sizing",
  "staticOptions",
  "staticOptionsOrder",
  "wideLayout",
]);

/** Of links and annotations; a legend's placement is older. */
const NEWER_PLACEMENT = "inControlsMenu";

/** A deep copy of a dashboard without the options that Grafana 9.4 does not know, and without undefined members. */
export function withoutNewerOptions<T>(dashboard: T): T {
  const text = JSON.stringify(dashboard, (key, value: unknown) =>
    NEWER_OPTIONS.has(key) || value === NEWER_PLACEMENT ? undefined : value,
  );
  return JSON.parse(text) as T;
}
