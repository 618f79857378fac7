import { DEFAULT_TENANT, SCOPES, type Scope } from "@tidemark/schema";
import { TidemarkError } from "@tidemark/semconv";
import { type Command, Option } from "commander";
import {
  addCredential,
  type Credential,
  createToken,
  listCredentials,
  removeCredential,
} from "../config/credentials-document.ts";

interface AddOptions {
  readonly file: string;
  readonly tenant?: string;
  readonly scope?: Scope[];
  readonly certificate?: string;
  readonly expires?: string;
}

/** `tidemark token …`: who may talk to the processor. */
export function registerToken(program: Command): void {
  const token = program
    .command("token")
    .description("make, list and remove the credentials of the processor")
    .addHelpText(
      "after",
      `
A token is printed once and stored as its SHA-256 digest. A running processor reads the file again when it changes.

Examples:
  tidemark token add collector --scope ingest
  tidemark token add grafana --scope read --tenant acme --expires 2027-06-30T00:00:00Z
  tidemark token add gateway --scope ingest --certificate spiffe://example.org/gateway
  tidemark token add collector                     a second token for the same name: roll it out, then
  tidemark token remove collector --keep-newest    the first one goes
  tidemark token list`,
    );
  const file = () => new Option("-f, --file <file>", "file of credentials").default("credentials.yaml");

  token
    .command("add <name>")
    .description("add a token to a name, and make the name where it is new")
    .addOption(file())
    .option("--tenant <tenant>", `tenant that it belongs to ("${DEFAULT_TENANT}" for a new name)`)
    .addOption(new Option("--scope <scope...>", "what it may do").choices(SCOPES))
    .option("--certificate <name>", "name in a client certificate instead of a token")
    .option("--expires <time>", "when it stops being good, ISO 8601")
    .action((name: string, options: AddOptions) => add(name, options));

  token
    .command("remove <name>")
    .description("remove a name with all its tokens")
    .addOption(file())
    .option("--keep-newest", "remove only its older tokens")
    .action((name: string, options: { file: string; keepNewest?: boolean }) => {
      const removed = removeCredential(options.file, name, options.keepNewest === true);
      console.error(`removed ${removed} ${removed === 1 ? "token" : "tokens"} of ${name}`);
    });

  token
    .command("list")
    .description("names, tenants and scopes; no token can be shown again")
    .addOption(file())
    .action((options: { file: string }) => {
      for (const credential of listCredentials(options.file)) console.log(lineOf(credential));
    });
}

function add(name: string, { file, tenant, scope, certificate, expires }: AddOptions): void {
  const known = listCredentials(file).find((credential) => credential.name === name);
  if (known === undefined && scope === undefined) {
    throw new TidemarkError("usage", `"${name}" is new in ${file}; say what it may do with --scope`);
  }
  const made = certificate === undefined ? createToken() : null;
  addCredential(file, {
    name,
    ...(tenant === undefined && known === undefined ? { tenant: DEFAULT_TENANT } : {}),
    ...(tenant === undefined ? {} : { tenant }),
    ...(scope === undefined ? {} : { scopes: scope }),
    ...(certificate === undefined ? {} : { certificate }),
    ...(expires === undefined ? {} : { expires }),
    ...(made === null ? {} : { tokens: [made.digest] }),
  });
  console.error(`${file}: ${lineOf(listCredentials(file).find((credential) => credential.name === name)!)}`);
  if (made === null) return;
  console.error("This is the token. It is not stored and cannot be shown again:");
  console.log(made.token);
}

function lineOf({ name, tenant, scopes, tokens, certificate, expires }: Credential): string {
  const proofs = [
    ...(tokens.length === 0 ? [] : [`${tokens.length} ${tokens.length === 1 ? "token" : "tokens"}`]),
    ...(certificate === undefined ? [] : [`certificate ${certificate}`]),
  ];
  return `${name}: tenant ${tenant}, ${scopes.join("+")}, ${proofs.join(", ")}${expires === undefined ? "" : `, until ${expires}`}`;
}
