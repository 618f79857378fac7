/** Options that the SDK writes by default and that came after Grafana 9.4. */
export const NEWER_OPTIONS: ReadonlySet<string> = new Set([
  "allowCustomValue",
  "maxVizHeight",
  "namePlacement",
  "percentChangeColorMode",
  "showPercentChange",
  "sizing",
  "staticOptions",
  "staticOptionsOrder",
  "wideLayout",
]);

/** A deep copy of a dashboard without the options that Grafana 9.4 does not know, and without undefined members. */
export function withoutNewerOptions<T>(dashboard: T): T {
  const text = JSON.stringify(dashboard, (key, value: unknown) => (NEWER_OPTIONS.has(key) ? undefined : value));
  return JSON.parse(text) as T;
}
