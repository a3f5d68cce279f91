// A service of a later release: it passes everything on to the real one, and answers a link status unknown today.
import { createServer } from "node:http";
import { once } from "node:events";

const KNOWN = '"status":"VERIFIED"';
const UNKNOWN = '"status":"FROZEN_BY_COURT"';

/** `url`, what was asked in `requests` (headers and body), how many answers were changed in `changed()`, and `stop()`. */
export async function startNewer(target) {
  const requests = [];
  let changed = 0;
  const server = createServer(async (incoming, outgoing) => {
    try {
      let body = "";
      for await (const chunk of incoming.setEncoding("utf8")) body += chunk;
      requests.push({ headers: incoming.headers, body: JSON.parse(body) });
      const headers = Object.fromEntries(["accept", "authorization", "content-type", "x-organization-id"].map((name) => [name, incoming.headers[name]]));
      const answer = await fetch(target, { method: incoming.method, headers, body });
      const text = await answer.text();
      if (text.includes(KNOWN)) changed += 1;
      outgoing.writeHead(answer.status, { "Content-Type": answer.headers.get("Content-Type") });
      outgoing.end(text.replaceAll(KNOWN, UNKNOWN));
    } catch (error) {
      outgoing.writeHead(500, { "Content-Type": "text/plain" });
      outgoing.end(String(error));
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${server.address().port}/graphql`,
    requests,
    changed: () => changed,
    stop: () => new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    }),
  };
}
