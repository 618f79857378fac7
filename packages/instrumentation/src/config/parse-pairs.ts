/**
 * `key=value` pairs with commas between and values percent-encoded, as OpenTelemetry's variables list headers and
 * attributes. What is no pair is left out.
 */
export function parsePairs(text: string | undefined): Record<string, string> {
  const pairs: Record<string, string> = {};
  for (const pair of (text ?? "").split(",")) {
    const index = pair.indexOf("=");
    const key = pair.slice(0, Math.max(index, 0)).trim();
    if (key !== "") pairs[key] = decode(pair.slice(index + 1).trim());
  }
  return pairs;
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
