/** The lowest version that is supported, and the lowest that is not: `{ from: "1.14.0", below: "2.0.0" }`. */
export interface VersionRange {
  readonly from: string;
  readonly below: string;
}

/** Whether a version lies in a range; a pre-release counts as its release. False where the version is unknown. */
export function isSupportedVersion(version: string | undefined, { from, below }: VersionRange): boolean {
  return version !== undefined && compare(version, from) >= 0 && compare(version, below) < 0;
}

function compare(left: string, right: string): number {
  const [a, b] = [partsOf(left), partsOf(right)];
  for (let part = 0; part < 3; part++) if (a[part] !== b[part]) return a[part]! - b[part]!;
  return 0;
}

function partsOf(version: string): number[] {
  const [release = ""] = version.split(/[-+]/);
  return [0, 1, 2].map((part) => Number.parseInt(release.split(".")[part] ?? "0", 10));
}
