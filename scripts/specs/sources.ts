/** A published specification, and which of its operations judge our requests. */
export interface SpecSource {
  /** npm package and version. */
  readonly package: string;
  readonly licence: string;
  /** In the package. */
  readonly file: string;
  /** Where its paths begin. */
  readonly base: string;
  /** `METHOD path`, as the document writes them. */
  readonly operations: readonly string[];
  /** How a path is called in practice, where the document writes it in another way. */
  readonly rename?: (path: string) => string;
}

/** By the id of the connector that they judge, `<id>-<part>` where there are several. */
export const SPECS: Readonly<Record<string, SpecSource>> = {
  acme: {
    package: 'patchbay@0.1.0',
    licence: 'MIT',
    // What the sandbox app serves at /api/v1/openapi.json.
    file: 'acme.json',
    base: 'https://acme.example.com/api/v1',
    operations: [
      'GET /me',
      'GET /contacts',
      'POST /contacts',
      'GET /contacts/{id}',
      'PATCH /contacts/{id}',
      'GET /deals',
      'POST /deals',
      'PATCH /deals/{id}',
      'GET /pipelines',
    ],
  },
  github: {
    package: '@octokit/openapi@23.0.2',
    licence: 'MIT',
    file: 'generated/api.github.com.json',
    base: 'https://api.github.com',
    operations: [
      'POST /repos/{owner}/{repo}/issues',
      'PATCH /repos/{owner}/{repo}/issues/{issue_number}',
      'POST /repos/{owner}/{repo}/issues/{issue_number}/comments',
      'GET /search/issues',
      'GET /repos/{owner}/{repo}/contents/{path}',
      'PUT /repos/{owner}/{repo}/contents/{path}',
      'POST /repos/{owner}/{repo}/pulls',
      'POST /repos/{owner}/{repo}/releases',
      'POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches',
      'GET /user',
      'GET /user/repos',
      'GET /repos/{owner}/{repo}/labels',
      'GET /repos/{owner}/{repo}/assignees',
      'GET /repos/{owner}/{repo}/branches',
      'GET /repos/{owner}/{repo}/actions/workflows',
    ],
  },
};
