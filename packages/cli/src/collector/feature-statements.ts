import { attr, OTHER_CATEGORY } from "@tidemark/semconv";
import { type Field, inputPath, keyOf } from "./field-keys.ts";

/**
 * OTTL statements that say of a prediction event what a feature's value is, by the rules of the instrumentation: its
 * state, and of a category its name or `_other_`. Later statements win.
 */
export function featureStatements(field: Field): string[] {
  const path = `log.${inputPath(field)}`;
  const state = `log.attributes["${keyOf("state", field)}"]`;
  const set = (value: string, where: string) => `set(${state}, "${value}") where ${where}`;
  const isThere = `log.attributes["${attr.inferenceInputs}"] != nil`;
  const missing = set("missing", `${isThere} and ${path} == nil`);
  if (field.kind === "numeric") {
    const isNumber = `(IsDouble(${path}) or IsInt(${path}))`;
    const { min, max } = field.range;
    const outside = [
      min === null ? null : `Double(${path}) < ${min}`,
      max === null ? null : `Double(${path}) > ${max}`,
    ];
    const limits = outside.filter((limit) => limit !== null).join(" or ");
    return [
      missing,
      set("type_mismatch", `${path} != nil and not ${isNumber}`),
      set("valid", isNumber),
      ...(limits === "" ? [] : [set("out_of_range", `${isNumber} and (${limits})`)]),
    ];
  }
  const category = `log.attributes["${keyOf("category", field)}"]`;
  const isText = `IsString(${path})`;
  return [
    missing,
    set("type_mismatch", `${path} != nil and not ${isText}`),
    set("valid", isText),
    set(
      "unseen_category",
      `${isText} and not IsMatch(${path}, ${oneOf([...field.categories, ...field.otherCategories])})`,
    ),
    `set(${category}, ${path}) where ${isText}`,
    `set(${category}, "${OTHER_CATEGORY}") where ${isText} and not IsMatch(${path}, ${oneOf(field.categories)})`,
  ];
}

/** A pattern of Go's regular expressions that matches these texts and no other, as OTTL's string. */
function oneOf(texts: readonly string[]): string {
  const escaped = texts.map((text) => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  return JSON.stringify(`^(?:${escaped.join("|")})$`);
}
