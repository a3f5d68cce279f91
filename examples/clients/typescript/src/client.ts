// The whole client library: one function over fetch. The types come with the document.
import type { TypedDocumentString } from "./graphql/graphql.js";

/** One fault beside the data; `code` says what kind, `path` which field is null because of it. */
export interface GraphQLError {
  message: string;
  path?: (string | number)[];
  extensions?: { code?: string; requestId?: string; retryable?: boolean };
}

/** Data and errors, each as the service sent it: a field that was refused is null, the others are there. */
export interface Answer<Data> {
  data: Data;
  errors: GraphQLError[];
}

/** Where to ask, and as whom. */
export interface Connection {
  url: string;
  token: string;
  organizationId: string;
}

/** Nothing was executed: the request itself was refused, for example for its token. */
export class RequestRefused extends Error {
  constructor(
    readonly status: number,
    readonly errors: GraphQLError[],
  ) {
    super(errors.map((error) => error.message).join("; ") || `HTTP status ${status}`);
  }
}

export async function request<Data, Variables>(
  connection: Connection,
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
): Promise<Answer<Data>> {
  const query = document.toString();
  const response = await fetch(connection.url, {
    method: "POST",
    headers: {
      Accept: "application/graphql-response+json",
      "Content-Type": "application/json",
      Authorization: `Bearer ${connection.token}`,
      "X-Organization-Id": connection.organizationId,
    },
    // JSON leaves out a property that is undefined and keeps null: absent and null stay apart.
    body: JSON.stringify({ query, variables, operationName: operationName(query) }),
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.headers.get("Content-Type")?.includes("json")) throw new RequestRefused(response.status, []);
  const { data, errors = [] } = (await response.json()) as { data?: Data; errors?: GraphQLError[] };
  if (data === undefined || data === null) throw new RequestRefused(response.status, errors);
  return { data, errors };
}

/** The service wants the name of every operation; each document here has exactly one. */
function operationName(query: string): string {
  const name = /\b(?:query|mutation)\s+(\w+)/.exec(query)?.[1];
  if (name === undefined) throw new Error("an operation has no name");
  return name;
}
