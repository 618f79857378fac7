/** By error number of the system, and by what its text says: why something cannot be written. */
const OBSTACLES: readonly { readonly codes: readonly string[]; readonly text: RegExp; readonly words: string }[] = [
  { codes: ["EACCES", "EPERM"], text: /Permission denied|not permitted/, words: "this user has no permission" },
  { codes: ["EROFS"], text: /read-?only/i, words: "it is mounted or kept read-only" },
  { codes: ["EIO"], text: /Input\/output error/, words: "the disk reports input/output errors" },
  { codes: ["EFBIG"], text: /File too large/, words: "a file would be larger than this user may write" },
  { codes: ["EMFILE", "ENFILE"], text: /Too many open files/, words: "too many files are open" },
];

/** Why something cannot be written, in words without anything of the engine's: no paths, tables or statements. */
export function writeObstacle(systemCode: string, text: string): string {
  const found =
    OBSTACLES.find(({ codes }) => codes.includes(systemCode)) ?? OBSTACLES.find((each) => each.text.test(text));
  return found?.words ?? "the disk refuses it";
}
