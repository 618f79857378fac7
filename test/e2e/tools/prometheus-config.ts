import { readFileSync } from "node:fs";
import path from "node:path";
import { parse, stringify } from "yaml";

const ROOT = path.resolve(import.meta.dirname, "../../..");

/** deploy/prometheus/prometheus.yml with its own rule file, and the addresses given in place of the containers'. */
export function prometheusConfig(alertmanager: string, targets: Readonly<Record<string, string>>): string {
  const file = parse(readFileSync(path.join(ROOT, "deploy/prometheus/prometheus.yml"), "utf8")) as {
    rule_files: string[];
    alerting: { alertmanagers: { static_configs: { targets: string[] }[] }[] };
    scrape_configs: { job_name: string; static_configs: { targets: string[] }[] }[];
  };
  file.rule_files = [path.join(ROOT, "grafana/alerting/prometheus-rules.yaml")];
  file.alerting.alertmanagers = [{ static_configs: [{ targets: [alertmanager] }] }];
  file.scrape_configs = file.scrape_configs.flatMap((job) => {
    const target = targets[job.job_name];
    return target === undefined ? [] : [{ ...job, static_configs: [{ targets: [target] }] }];
  });
  return stringify(file);
}
