/** Label under which Prometheus keeps an attribute: `ml.model.name` becomes `ml_model_name`. */
export function prometheusLabel(attribute: string): string {
  return attribute.replaceAll(/[^a-zA-Z0-9_]/g, "_");
}
