type Environment = Readonly<Record<string, string | undefined>>;

/** Where npm's provenance says that a package was built: the repository that the CI itself names. */
export interface Repository {
  readonly type: "git";
  readonly url: string;
  readonly directory: string;
}

/** What of a manifest matters to publishing. */
export interface PublishedManifest {
  readonly name: string;
  readonly repository?: Partial<Repository>;
  readonly publishConfig?: { readonly access?: string; readonly provenance?: boolean };
}

/** The repository that the running CI builds from, for a package's folder; null where no CI says so that npm knows of. */
export function ciRepository(env: Environment, directory: string): Repository | null {
  const { GITHUB_ACTIONS, GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITLAB_CI, CI_PROJECT_URL } = env;
  const ofGitHub = GITHUB_SERVER_URL && GITHUB_REPOSITORY && `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}`;
  const page = GITHUB_ACTIONS === "true" ? ofGitHub : GITLAB_CI === "true" ? CI_PROJECT_URL : undefined;
  return page ? { type: "git", url: `git+${page}.git`, directory } : null;
}

/** Why a package must not be published from here, a sentence each: npm would refuse it, or attest what is not so. */
export function publishProblems(manifest: PublishedManifest, directory: string, env: Environment): string[] {
  const { name, repository, publishConfig } = manifest;
  const built = ciRepository(env, directory);
  if (built === null) {
    return [
      `${name} is published from GitHub Actions or GitLab CI only, where npm can attest what it was built from; GITHUB_REPOSITORY and CI_PROJECT_URL are not there`,
    ];
  }
  const hasToken = env["GITHUB_ACTIONS"] === "true" ? env["ACTIONS_ID_TOKEN_REQUEST_URL"] : env["SIGSTORE_ID_TOKEN"];
  return [
    ...(publishConfig?.provenance === true ? [] : [`${name} has no publishConfig.provenance: true`]),
    ...(repository?.url === built.url && repository.directory === directory
      ? []
      : [
          `${name} has the repository ${JSON.stringify(repository ?? null)}, and is built from ${JSON.stringify(built)}: run \`npm run set-repository\` before`,
        ]),
    ...(hasToken
      ? []
      : [`the job may not ask for an identity: give it id-token: write (GitHub) or SIGSTORE_ID_TOKEN (GitLab)`]),
  ];
}
