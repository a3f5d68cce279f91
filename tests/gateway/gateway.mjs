// A gateway over HTTP: Hive's, with a supergraph that was composed here.
import { once } from "node:events";
import { createServer } from "node:http";
import { createGatewayRuntime } from "@graphql-hive/gateway-runtime";
import { composeServices } from "@theguild/federation-composition";
import { parse } from "graphql";

/** Whose request it is, and for which organization: what each subgraph has to know. */
const PASSED_ON = ["authorization", "x-organization-id"];

/** Composes subgraphs of `{ name, sdl, url }`: `errors` (their messages), `supergraphSdl`, `publicSdl`. */
export function compose(subgraphs) {
  const composed = composeServices(subgraphs.map(({ name, sdl, url }) => ({ name, typeDefs: parse(sdl), url })));
  return { ...composed, errors: (composed.errors ?? []).map((error) => error.message) };
}

/** Serves a supergraph: `ask(query, variables, headers)` and `stop()`. */
export async function startGateway(supergraph) {
  const runtime = createGatewayRuntime({
    supergraph,
    logging: false,
    propagateHeaders: {
      fromClientToSubgraphs: ({ request }) =>
        Object.fromEntries(PASSED_ON.flatMap((name) => (request.headers.has(name) ? [[name, request.headers.get(name)]] : []))),
    },
  });
  const server = createServer(runtime);
  await once(server.listen(0, "127.0.0.1"), "listening");
  const url = `http://127.0.0.1:${server.address().port}/graphql`;
  return {
    async ask(query, variables, headers) {
      const body = JSON.stringify({ query, variables });
      const answer = await fetch(url, { method: "POST", headers: { "Content-Type": "application/json", ...headers }, body });
      return answer.json();
    },
    async stop() {
      await new Promise((resolve) => server.close(resolve).closeAllConnections());
      await runtime.dispose();
    },
  };
}
