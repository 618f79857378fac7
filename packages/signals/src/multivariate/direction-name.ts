const NAMES_SHOWN = 3;

/** A direction in words, by the features with the largest weights: both of a contrast, three of a mix. */
export function directionName(features: readonly string[], direction: readonly number[]): string {
  const used = direction.map((weight, j) => ({ weight, name: features[j]! })).filter(({ weight }) => weight !== 0);
  const largest = used.toSorted((a, b) => Math.abs(b.weight) - Math.abs(a.weight)).slice(0, NAMES_SHOWN);
  const [first, ...others] = largest.map(({ weight, name }) => ({ sign: weight < 0 ? "-" : "+", name }));
  const text = `${first!.sign === "-" ? "-" : ""}${first!.name}${others.map(({ sign, name }) => ` ${sign} ${name}`).join("")}`;
  return `along ${used.length > largest.length ? `a mix of ${text} and others` : text}`;
}

/** The reconstruction error among the directions. */
export const ERROR_NAME = "in the reconstruction error";
