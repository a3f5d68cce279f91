// GraphiQL's fetcher: fills in what is left open, sends, and gives what GraphiQL is to show.
const ENDPOINT = "/graphql";
const INTROSPECTION = "IntrospectionQuery";
const WITHOUT_TOKEN =
  "There is no token yet. Paste yours at the top of the page, or into the headers of this tab, and the documentation " +
  "loads. A server that asks for none: press Use.";
const WITHOUT_SCHEMA =
  "The server does not tell its schema here, so there is no documentation and no completion. Operations can be sent " +
  "all the same; `holdergraph schema` prints the schema. The server said: ";

/** A result that GraphiQL shows as it shows the server's own errors. */
const refusal = (message) => ({ data: null, errors: [{ message }] });

/** A fetcher for GraphiQL; where it is given another one, it asks for the schema again. */
export function fetcherFor(session, answers) {
  return async ({ query, variables, operationName: latest }, options) => {
    if (latest === INTROSPECTION) return schema(query, session, options?.headers);
    const { values, refusal: missing } = answers.filled(variables);
    if (missing !== undefined) return refusal(missing);
    const operationName = nameOf(query, latest);
    const answer = await send({ query, variables: values, operationName }, session.headers(options?.headers), MEDIA_TYPES);
    if (answer?.data) answers.keep(answer.data);
    return answer;
  };
}

async function schema(query, session, own) {
  if (!session.mayAsk(own)) return refusal(WITHOUT_TOKEN);
  // A refusal is no news for the browser's console: under this media type it comes with status 200.
  const answer = await send({ query, operationName: INTROSPECTION }, session.headers(own), "application/json");
  if (answer?.data?.__schema) {
    session.schemaAnswered(own, "");
    return answer;
  }
  const code = answer?.errors?.[0]?.extensions?.code;
  const said = answer?.errors?.[0]?.message ?? "nothing that can be read";
  const isRefused = code !== undefined && code !== "UNAUTHENTICATED";
  session.schemaAnswered(own, `no documentation: ${said}`);
  return refusal(isRefused ? WITHOUT_SCHEMA + said : said);
}

/** The name of the operation to run. Right after a change of tab, GraphiQL still gives the one of the tab before. */
function nameOf(query, latest) {
  let operations;
  try {
    const { definitions } = GraphiQL.GraphQL.parse(query);
    operations = definitions.filter(({ kind }) => kind === "OperationDefinition");
  } catch {
    // The server says what does not parse, and where.
    return undefined;
  }
  const names = operations.map(({ name }) => name?.value);
  if (names.includes(latest)) return latest;
  return names.length === 1 ? names[0] : undefined;
}

const MEDIA_TYPES = "application/graphql-response+json, application/json;q=0.9";

/** Sends one operation with the headers of a tab, which stand above ours. */
async function send(operation, ownHeaders, accept) {
  const headers = new Headers({ Accept: accept, "Content-Type": "application/json" });
  try {
    for (const [name, value] of Object.entries(ownHeaders)) headers.set(name, value);
  } catch {
    return refusal("One of the headers cannot be sent: it holds letters that no header may have.");
  }
  let response;
  let text;
  try {
    const body = JSON.stringify(operation);
    response = await fetch(ENDPOINT, { method: "POST", cache: "no-store", credentials: "omit", headers, body });
    text = await response.text();
  } catch (error) {
    return refusal(`No answer from ${ENDPOINT} (${error.message}). Is the server still running?`);
  }
  try {
    return JSON.parse(text);
  } catch {
    return refusal(`${ENDPOINT} answered ${response.status} with a body that is not JSON: ${text || "(empty)"}`);
  }
}
