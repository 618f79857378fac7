import { readFileSync } from "node:fs";
import path from "node:path";
import { parse, stringify } from "yaml";

const ROOT = path.resolve(import.meta.dirname, "../../..");

/**
 * deploy/prometheus/prometheus.yml with its own rule file, the addresses given in place of the containers', and secrets
 * beside the file that is made of it.
 */
export function prometheusConfig(alertmanager: string, targets: Readonly<Record<string, string>>): string {
  const file = parse(readFileSync(path.join(ROOT, "deploy/prometheus/prometheus.yml"), "utf8")) as {
    rule_files: string[];
    alerting: { alertmanagers: { static_configs: { targets: string[] }[] }[] };
    scrape_configs: {
      job_name: string;
      authorization?: { credentials_file: string };
      static_configs: { targets: string[] }[];
    }[];
  };
  file.rule_files = [path.join(ROOT, "grafana/alerting/prometheus-rules.yaml")];
  file.alerting.alertmanagers = [{ static_configs: [{ targets: [alertmanager] }] }];
  file.scrape_configs = file.scrape_configs.flatMap((job) => {
    const target = targets[job.job_name];
    if (target === undefined) return [];
    const secret = job.authorization?.credentials_file;
    const own = secret === undefined ? {} : { authorization: { credentials_file: path.basename(secret) } };
    return [{ ...job, ...own, static_configs: [{ targets: [target] }] }];
  });
  return stringify(file);
}
