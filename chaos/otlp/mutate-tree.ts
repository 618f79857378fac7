import type { SeededRandom } from "../../bench/detection/seeded-random.ts";

/** A request as a tree that may be changed. */
export type Tree = Record<string, unknown> | unknown[];

interface Place {
  readonly parent: Tree;
  readonly key: string | number;
}

const DEEP = 200;
const MANY = 300;

/** Values that parsers have stumbled over. */
const HOSTILE: readonly (() => unknown)[] = [
  () => null,
  () => "",
  () => "NaN",
  () => "Infinity",
  () => "-Infinity",
  () => Number.MAX_VALUE,
  () => -1,
  () => 0,
  () => 1e308,
  () => 2 ** 53,
  () => "9223372036854775807",
  () => "-9223372036854775808",
  () => "18446744073709551615",
  () => "18446744073709551616",
  () => "1e5",
  () => " 7 ",
  () => "0x10",
  () => true,
  () => [],
  () => ({}),
  () => [[[[]]]],
  () => "\u0000",
  () => "\ud800",
  () => "’; DROP TABLE prediction; --",
  () => "'\\\n\n1,2\n",
  () => "a".repeat(10_000),
  () => "\u202e\u0301".repeat(100),
  () => ({ __proto__: null, constructor: { prototype: { polluted: 1 } } }),
  () => JSON.parse('{"__proto__": {"polluted": true}}') as unknown,
  () => nest(DEEP),
  () => Array.from({ length: MANY }, (_, index) => ({ key: `k${index}`, value: { intValue: `${index}` } })),
];

const HOSTILE_KEYS = ["__proto__", "constructor", "toString", "hasOwnProperty", "", "key", "values", "\u0000"];

/** Changes one to four places of a tree in place and says how. */
export function mutateTree(tree: Tree, random: SeededRandom): string {
  const changes = 1 + Math.floor(random.uniform() * 4);
  const names: string[] = [];
  for (let change = 0; change < changes; change++) {
    const place = pick(placesOf(tree), random);
    if (place === undefined) break;
    const mutation = pick(MUTATIONS, random)!;
    mutation.apply(place, random);
    names.push(mutation.name);
  }
  return names.join("+");
}

const MUTATIONS: readonly { readonly name: string; readonly apply: (place: Place, random: SeededRandom) => void }[] = [
  { name: "hostile value", apply: (place, random) => put(place, pick(HOSTILE, random)!()) },
  { name: "hostile value", apply: (place, random) => put(place, pick(HOSTILE, random)!()) },
  {
    name: "removed",
    apply: ({ parent, key }) => {
      if (Array.isArray(parent)) parent.splice(Number(key), 1);
      else delete parent[key];
    },
  },
  {
    name: "repeated",
    apply: ({ parent, key }, random) => {
      const copies = 1 + Math.floor(random.uniform() * 50);
      const value = valueAt({ parent, key });
      if (Array.isArray(parent)) parent.push(...Array.from({ length: copies }, () => structuredClone(value)));
      else
        put(
          { parent, key },
          Array.from({ length: copies }, () => structuredClone(value)),
        );
    },
  },
  {
    name: "renamed",
    apply: (place, random) => {
      const value = valueAt(place);
      if (!Array.isArray(place.parent)) delete place.parent[place.key];
      put({ parent: place.parent, key: pick(HOSTILE_KEYS, random)! }, value);
    },
  },
  { name: "unknown field", apply: ({ parent }, random) => put({ parent, key: "tideline" }, pick(HOSTILE, random)!()) },
  {
    name: "text bent",
    apply: (place, random) => {
      const value = valueAt(place);
      if (typeof value !== "string") return put(place, JSON.stringify(value) ?? "");
      const at = Math.floor(random.uniform() * (value.length + 1));
      put(place, value.slice(0, at) + pick(["\u0000", "é", "𝄞", "\ud83d", '"', "\\"], random)! + value.slice(at));
    },
  },
  {
    name: "number bent",
    apply: (place, random) => put(place, (random.uniform() - 0.5) * 10 ** (random.uniform() * 40)),
  },
];

function placesOf(tree: Tree): Place[] {
  const places: Place[] = [];
  const waiting: Tree[] = [tree];
  for (let node = waiting.pop(); node !== undefined && places.length < 2_000; node = waiting.pop()) {
    for (const key of Array.isArray(node) ? node.keys() : Object.keys(node)) {
      places.push({ parent: node, key });
      const value = valueAt({ parent: node, key });
      if (typeof value === "object" && value !== null) waiting.push(value as Tree);
    }
  }
  return places;
}

function valueAt({ parent, key }: Place): unknown {
  return (parent as Record<string | number, unknown>)[key];
}

/** Also a key such as `__proto__` becomes an own one, as it does in parsed JSON. */
function put({ parent, key }: Place, value: unknown): void {
  Object.defineProperty(parent, Array.isArray(parent) && typeof key === "string" ? parent.length : key, {
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  });
}

function nest(depth: number): unknown {
  let value: unknown = { stringValue: "deep" };
  for (let level = 0; level < depth; level++) value = { kvlistValue: { values: [{ key: "k", value }] } };
  return value;
}

function pick<T>(items: readonly T[], random: SeededRandom): T | undefined {
  return items[Math.floor(random.uniform() * items.length)];
}
