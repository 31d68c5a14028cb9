/** The owner in package.json until somebody publishes the project. */
export const PLACEHOLDER = 'OWNER';

/** The fields of package.json that follow from the repository. */
export function addressOf(repository: string) {
  const [owner = '', name = ''] = repository.split('/');
  return {
    homepage: `https://${owner}.github.io/${name}/`,
    bugs: { url: `https://github.com/${repository}/issues` },
    author: `${owner} (https://github.com/${owner})`,
    funding: `https://github.com/sponsors/${owner}`,
    repository: { type: 'git', url: `git+https://github.com/${repository}.git` },
  };
}

/** The repository of a package.json, as OWNER/NAME. @throws Error if it has none on GitHub */
export function repositoryIn(manifest: string): string {
  const { repository } = JSON.parse(manifest) as { readonly repository?: { readonly url?: string } };
  const [, found] = /github\.com\/([^/]+\/[^/]+?)(?:\.git)?$/.exec(repository?.url ?? '') ?? [];
  if (found === undefined) throw new Error('package.json has no repository on GitHub: set repository.url.');
  return found;
}
