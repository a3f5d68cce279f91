// Opens GraphiQL with the tabs that the server makes afresh for each load of the page.
// What is typed, sent and answered stays in this page's memory: see README.md beside this file.
"use strict";

// While a dialog is open, GraphiQL puts one <style> element into the page. It carries this nonce, which is
// another one on each load, so that the Content-Security-Policy needs no 'unsafe-inline'.
window.__webpack_nonce__ = document.currentScript.nonce;

const ENDPOINT = "/graphql";
const ANSWERS_KEPT = 50;

/** A variable of this form stands for the value at that path of an earlier answer. */
const REFERENCE = /^<answer ([A-Za-z0-9_.]+)>$/;

/** Where GraphiQL keeps its state: gone with the page, so no old tab or token comes back. */
function memoryStorage() {
  const items = new Map();
  return {
    get length() {
      return items.size;
    },
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
    clear: () => items.clear(),
  };
}

/** A result that GraphiQL shows as it shows the server's own errors. */
const refusal = (message) => ({ errors: [{ message }] });

const valueAt = (data, path) => path.split(".").reduce((value, key) => value?.[key], data);

/** The value at that path of the latest answer that has it. */
function latest(path, answers) {
  for (const data of answers) {
    const value = valueAt(data, path);
    if (value !== undefined && value !== null) return value;
  }
  return undefined;
}

/** The variables with every reference replaced; `missing` gets the paths that no answer has. */
function filled(value, answers, missing) {
  if (typeof value === "string") {
    const path = REFERENCE.exec(value)?.[1];
    if (path === undefined) return value;
    const found = latest(path, answers);
    if (found === undefined) missing.push(path);
    return found;
  }
  if (Array.isArray(value)) return value.map((item) => filled(item, answers, missing));
  if (value !== null && typeof value === "object") {
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, filled(item, answers, missing)]),
    );
  }
  return value;
}

const names = (query, name) => new RegExp(`\\b${name}\\b`).test(query);

/** Says which tab answers what is missing. */
function whatToRunFirst(path, tabs) {
  const field = path.split(".")[0];
  const tab = tabs.find(({ query }) => names(query, field));
  const first = tab ? `Run the tab «${tab.title}» first` : `Run an operation that selects ${field} first`;
  return `${first}: the variable "<answer ${path}>" takes its value from that answer, and there is none yet.`;
}

/** Sends one operation, and gives what GraphiQL is to show. */
async function send(operation, ownHeaders) {
  const headers = new Headers({
    Accept: "application/graphql-response+json, application/json;q=0.9",
    "Content-Type": "application/json",
  });
  for (const [name, value] of Object.entries(ownHeaders ?? {})) headers.set(name, value);
  let response;
  let text;
  try {
    const body = JSON.stringify(operation);
    response = await fetch(ENDPOINT, { method: "POST", credentials: "omit", headers, body });
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

/** GraphiQL's fetcher: fills in references, sends, and remembers the data of the latest answers. */
function fetcherFor(tabs) {
  const answers = [];
  return async ({ query, variables: written, operationName: latestName }, options) => {
    const missing = [];
    const variables = filled(written, answers, missing);
    if (missing.length > 0) return refusal(whatToRunFirst(missing[0], tabs));
    // Right after a change of tab, GraphiQL still gives the name of the operation in the tab before.
    const operationName = names(query, latestName) ? latestName : undefined;
    const answer = await send({ query, variables, operationName }, options?.headers);
    if (answer?.data && !("__schema" in answer.data)) {
      answers.unshift(answer.data);
      answers.splice(ANSWERS_KEPT);
    }
    return answer;
  };
}

async function loadTabs() {
  const response = await fetch("/graphiql/tabs", { cache: "no-store", credentials: "omit" });
  if (!response.ok) throw new Error(`/graphiql/tabs answered ${response.status}`);
  return response.json();
}

async function start(place) {
  const tabs = await loadTabs();
  const opened = tabs.map(({ query, variables, headers }) => ({ query, variables, headers }));
  const settings = {
    fetcher: fetcherFor(tabs),
    storage: memoryStorage(),
    isHeadersEditorEnabled: true,
    shouldPersistHeaders: false,
    showPersistHeadersSettings: false,
    defaultEditorToolsVisibility: "variables",
    defaultTabs: opened.length > 0 ? opened : undefined,
  };
  ReactDOM.createRoot(place).render(React.createElement(GraphiQL, settings));
}

const place = document.getElementById("graphiql");
start(place).catch((error) => {
  const note = `GraphiQL could not start: ${error.message}. Reload the page to try again.`;
  place.querySelector(".note").textContent = note;
});
