import { nearestName } from "@tidemark/semconv";
import { RequestError } from "./request-error.ts";

/**
 * The refusal of a request about a model that there is none of: nothing found must not pass for an answer where a name was mistyped.
 * @param known Names of the tenant's models, configured or only stored.
 * @param consequence What did not happen.
 */
export function unknownModel(model: string, known: readonly string[], consequence = ""): RequestError {
  const nearest = nearestName(model, known);
  const names = known.length === 0 ? "there are none yet" : `known: ${known.join(", ")}`;
  const fix = nearest === null ? "Name one of the models that there are." : `Did you mean ${nearest}?`;
  return new RequestError(404, "notFound", `there is no model "${model}"; ${consequence}${names}`, fix);
}
