/** The names of a text such as `age, income`. */
export function splitList(text: string): string[] {
  return text.split(",").map((name) => name.trim());
}
