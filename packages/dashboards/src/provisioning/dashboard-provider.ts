import { stringify } from "yaml";
import { GENERATED_COMMENT } from "../generated-comment.ts";

/** Folder in Grafana that holds the dashboards and the alert rules. */
export const FOLDER = "Tidemark";

/** grafana/provisioning/dashboards/tidemark.yaml: loads every dashboard of the mounted folder. */
export function dashboardProviderFile(): string {
  const providers = [
    {
      name: "tidemark",
      folder: FOLDER,
      type: "file",
      disableDeletion: true,
      allowUiUpdates: false,
      options: { path: "/var/lib/grafana/dashboards/tidemark" },
    },
  ];
  return `${GENERATED_COMMENT}${stringify({ apiVersion: 1, providers })}`;
}
