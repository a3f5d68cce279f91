// Opens GraphiQL with the tabs that the server makes afresh for each load of the page.
// What is typed is kept in this browser tab's session, what is answered nowhere: see README.md beside this file.
import { Answers } from "./answers.js";
import { fetcherFor } from "./fetcher.js";
import { leaveEditorsByEscape } from "./keyboard.js";
import { Session } from "./session.js";
import { openStore } from "./store.js";

// While a dialog is open, GraphiQL puts one <style> element into the page. It carries this nonce, which is
// another one on each load, so that the Content-Security-Policy needs no 'unsafe-inline'.
window.__webpack_nonce__ = document.querySelector("script[nonce]").nonce;

// Where a text of an answer ends like a picture's name, GraphiQL would ask the server for that picture while the pointer is
// on it: somebody's name would stand in an address. The policy allows no such picture, and this asks for none.
GraphiQL.React.ImagePreview.shouldRender = () => false;

/** How long nobody has typed before headers that were typed are tried. */
const SETTLED_MS = 800;

const NEW_TAB = "# Give the operation a name: the server may ask for one.\nquery Mine {\n  __typename\n}\n";

async function loadTabs() {
  const response = await fetch("/graphiql/tabs", { cache: "no-store", credentials: "omit" });
  if (!response.ok) throw new Error(`/graphiql/tabs answered ${response.status}`);
  return response.json();
}

async function start(place) {
  const tabs = await loadTabs();
  const store = openStore(tabs);
  store.openAt(tabs[0]);
  const session = new Session(store, tabs);
  const root = ReactDOM.createRoot(place);
  const settings = {
    storage: store.graphiql,
    isHeadersEditorEnabled: true,
    // In the store above, which is the session's: never in localStorage.
    shouldPersistHeaders: true,
    showPersistHeadersSettings: false,
    defaultEditorToolsVisibility: "variables",
    defaultHeaders: tabs[0]?.headers,
    defaultQuery: NEW_TAB,
    defaultTabs: tabs.length > 0 ? tabs.map(({ query, variables, headers }) => ({ query, variables, headers })) : undefined,
    onTabChange: ({ tabs: open, activeTabIndex }) => session.show(open[activeTabIndex]?.headers),
  };
  // Another fetcher makes GraphiQL ask for the schema again.
  const answers = new Answers(tabs);
  const render = () =>
    root.render(React.createElement(GraphiQL, { ...settings, fetcher: fetcherFor(session, answers) }));
  let settled;
  session.onChange = ({ typed }) => {
    clearTimeout(settled);
    if (typed) settled = setTimeout(render, SETTLED_MS);
    else render();
  };
  leaveEditorsByEscape();
  render();
}

const place = document.getElementById("graphiql");
start(place).catch((error) => {
  const note = `GraphiQL could not start: ${error.message}. Reload the page to try again.`;
  place.querySelector(".note").textContent = note;
});
