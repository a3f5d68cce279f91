// The pages as somebody in front of them uses them, and what the browser saw meanwhile.
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The system's own Chromium. */
export function findChromium() {
  const names = ["chromium", "chromium-browser", "google-chrome"];
  const folders = (process.env.PATH ?? "").split(delimiter);
  for (const path of names.flatMap((name) => folders.map((folder) => join(folder, name)))) {
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not in this folder: the next one is tried, and the end of the list says so.
    }
  }
  throw new Error("no Chromium on the PATH: install Debian's package chromium");
}

const EDITORS = {
  query: ".graphiql-query-editor .CodeMirror",
  variables: ".graphiql-editor-tool .graphiql-editor:nth-of-type(1) .CodeMirror",
  headers: ".graphiql-editor-tool .graphiql-editor:nth-of-type(2) .CodeMirror",
  result: ".result-window .CodeMirror",
};

/** Keeps what the page looks like now. */
export function screenshot(page, name) {
  return page.screenshot(fileURLToPath(new URL(`../screenshots/${name}.png`, import.meta.url)));
}

export class Page {
  #page;
  #origin;
  #requests = [];
  #complaints = [];
  #tabs;
  #schema;

  /** Opens GraphiQL and waits for its tabs and, unless it is told otherwise, its schema; or any other page. */
  static async open(browser, url, options = {}) {
    const context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
    return Page.#in(context, url, options);
  }

  static async #in(context, url, { graphiql = true, schema = true }) {
    const self = new Page();
    self.#origin = new URL(url).origin;
    self.#schema = schema;
    self.#page = await context.newPage();
    self.#watch();
    const load = () => self.#page.goto(url);
    await (graphiql ? self.#arrive(load) : load());
    return self;
  }

  /** The same page in another tab of the same browser. */
  another() {
    return Page.#in(this.#page.context(), this.#page.url(), {});
  }

  close() {
    return this.#page.close();
  }

  #watch() {
    this.#page.on("request", (request) => this.#requests.push(request));
    this.#page.on("pageerror", (error) => this.#complaints.push(`uncaught: ${error.message}`));
    this.#page.on("requestfailed", (request) => this.#complaints.push(`failed: ${request.method()} ${request.url()}`));
    this.#page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) this.#complaints.push(`${message.type()}: ${message.text()}`);
    });
  }

  /** Loads GraphiQL and waits until its tabs have come, and its schema where it can be asked for. */
  async #arrive(load) {
    const tabs = this.#page.waitForResponse(`${this.#origin}/graphiql/tabs`);
    await Promise.all([load(), tabs]);
    this.#tabs = await (await tabs).json();
    await this.waitForGraphiql();
    if (this.#schema) await this.schemaCame();
  }

  waitForGraphiql() {
    return this.#page.locator(".graphiql-execute-button").waitFor();
  }

  /** Waits until completion and documentation know the schema. */
  async schemaCame() {
    await this.#page.waitForFunction(
      (query) => document.querySelector(query)?.CodeMirror?.options.lint?.schema != null,
      EDITORS.query,
    );
    this.#schema = true;
  }

  reload() {
    return this.#arrive(() => this.#page.reload());
  }

  async startOver() {
    await this.openSession();
    this.#schema = await this.#page.evaluate(async () => !JSON.stringify(await (await fetch("/graphiql/tabs")).json()).includes("<token>"));
    await this.#arrive(() => this.#page.getByRole("button", { name: "Start over" }).click());
  }

  async openSession() {
    if (!(await this.#page.locator("#session").evaluate((details) => details.open))) await this.#page.locator("#session summary").click();
  }

  /** Types a token and an organization above the tabs. */
  async use(token, organization) {
    await this.openSession();
    await this.#page.getByLabel("Token").fill(token);
    await this.#page.getByLabel("Organization").fill(organization);
    await this.#page.getByRole("button", { name: "Use", exact: true }).click();
  }

  /** Answers introspection as a server that does not allow it. */
  refuseIntrospection(message) {
    return this.#page.route("**/graphql", (route) => {
      if (!route.request().postData()?.includes("__schema")) return route.continue();
      const errors = [{ message, extensions: { code: "GRAPHQL_VALIDATION_FAILED", retryable: false } }];
      return route.fulfill({ status: 200, contentType: "application/json", body: JSON.stringify({ errors }) });
    });
  }

  tabsAnswered() {
    return this.#tabs;
  }

  /** The labels as they are seen: the number is put there by the style sheet. */
  async tabLabels() {
    const names = await this.#page.locator(".graphiql-tab-button").allTextContents();
    return names.map((name, index) => `${index + 1} ${name}`);
  }

  openTab(index) {
    return this.#page.locator(".graphiql-tab-button").nth(index).click();
  }

  /** What is said above the tabs. */
  note() {
    return this.#page.locator("#session-note").innerText();
  }

  noteSays(pattern) {
    return this.#page.locator("#session-note").filter({ hasText: pattern }).waitFor();
  }

  text(editor) {
    return this.#page.locator(EDITORS[editor]).evaluate((pane) => pane.CodeMirror.getValue());
  }

  /** Replaces what stands in an editor, and waits until the page has kept it. */
  async type(editor, text) {
    await this.#page.locator(EDITORS[editor]).evaluate((pane, text) => pane.CodeMirror.setValue(text), text);
    await this.#page.waitForFunction(
      (text) => JSON.parse(sessionStorage.getItem("graphiql:tabState") ?? "{}").tabs?.some((tab) => Object.values(tab).includes(text)),
      text,
    );
  }

  #clearResult() {
    return this.#page.locator(EDITORS.result).evaluate((pane) => pane.CodeMirror.setValue(""));
  }

  /** What the result pane shows, as soon as it shows anything. */
  async result() {
    const result = await this.#page.waitForFunction((pane) => {
      const text = document.querySelector(pane)?.CodeMirror.getValue() ?? "";
      return text.trim() === "" ? null : text;
    }, EDITORS.result);
    return result.jsonValue();
  }

  /** Presses play in the open tab and gives the result that is then shown. */
  async run() {
    await this.#clearResult();
    await this.#page.getByRole("button", { name: "Execute query" }).click();
    return JSON.parse(await this.result());
  }

  /** Puts the pointer on a text in the result, and gives the editor the time that it takes before it shows anything about it. */
  async pointAt(text) {
    await this.#page.locator(`${EDITORS.result} .cm-string`).filter({ hasText: text }).hover();
    await this.#page.waitForTimeout(1_500);
  }

  /** Fills session storage up, so that nothing more can be kept. */
  fillTheSession() {
    return this.#page.evaluate(() => {
      for (let size = 1 << 22; size >= 1; size >>= 1) {
        try {
          for (let number = 0; ; number += 1) sessionStorage.setItem(`full:${size}:${number}`, "x".repeat(size));
        } catch {
          // No room for another of this size: on with smaller ones.
        }
      }
    });
  }

  async runByKeyboard() {
    await this.#clearResult();
    await this.#page.locator(`${EDITORS.query} textarea`).focus();
    await this.#page.keyboard.press("Control+Enter");
    return JSON.parse(await this.result());
  }

  /** Goes through the page by the Tab key from its start; gives the names of what had the focus. */
  async walkByTabKey() {
    await this.#page.evaluate(() => document.activeElement?.blur());
    await this.#page.locator(".session a").focus();
    const reached = [];
    for (let step = 0; step < 120; step += 1) {
      const name = await this.#page.evaluate(() => {
        const element = document.activeElement;
        const named = element.getAttribute("aria-label") ?? element.innerText?.trim();
        if (element.tagName === "SUMMARY") return `#${element.firstElementChild.id}`;
        return element.closest(".CodeMirror") ? "an editor" : named?.split("\n")[0] || element.tagName;
      });
      if (name === "BODY") break;
      reached.push(name);
      // An editor takes the Tab key for itself, unless it comes after Esc.
      if (name === "an editor") await this.#page.keyboard.press("Escape");
      await this.#page.keyboard.press("Tab");
    }
    return reached;
  }

  async openDocumentation() {
    await this.#page.getByRole("button", { name: "Show Documentation Explorer" }).click();
    const docs = this.#page.locator(".graphiql-doc-explorer");
    await docs.getByText("Mutation").first().waitFor();
    return docs.innerText();
  }

  /** Follows a link of the documentation; gives the text that is then shown. */
  async followDocumentation(name) {
    const docs = this.#page.locator(".graphiql-doc-explorer");
    await docs.getByRole("link", { name, exact: true }).first().click();
    await docs.locator(".graphiql-doc-explorer-title").filter({ hasText: name }).waitFor();
    return docs.innerText();
  }

  async openDialogs() {
    for (const name of ["Open short keys dialog", "Open settings dialog"]) {
      await this.#page.getByRole("button", { name }).click();
      const dialog = this.#page.getByRole("dialog");
      await dialog.waitFor();
      await this.#page.keyboard.press("Escape");
      await dialog.waitFor({ state: "detached" });
    }
  }

  /** Takes one of the themes of the settings. */
  async chooseTheme(name) {
    await this.#page.getByRole("button", { name: "Open settings dialog" }).click();
    const dialog = this.#page.getByRole("dialog");
    await dialog.getByRole("button", { name, exact: true }).click();
    await this.#page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
  }

  /** The ground of the session above and of GraphiQL below, where the system is light or dark. */
  async backgrounds(colorScheme) {
    await this.#page.emulateMedia({ colorScheme });
    const grounds = this.#page.locator(".session, .graphiql-container");
    return grounds.evaluateAll((elements) => elements.map((element) => getComputedStyle(element).backgroundColor));
  }

  async bodyColours(colorScheme) {
    await this.#page.emulateMedia({ colorScheme });
    return this.#page.locator("body").evaluate((body) => {
      const { backgroundColor: background, color } = getComputedStyle(body);
      return { background, color };
    });
  }

  bodyText() {
    return this.#page.locator("body").innerText();
  }

  links() {
    return this.#page.locator("a").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
  }

  click(link) {
    return this.#page.locator(`a[href="${link}"]`).click();
  }

  /** Fails where something sticks out to the right of a window of this width. */
  async fitsIn(width) {
    const size = this.#page.viewportSize();
    await this.#page.setViewportSize({ width, height: size.height });
    const needed = await this.#page.evaluate(() => document.documentElement.scrollWidth);
    await this.#page.setViewportSize(size);
    if (needed > width) throw new Error(`the page needs ${needed} pixels of ${width}`);
  }

  screenshot(path) {
    return this.#page.screenshot({ path });
  }

  /** What the browser keeps of this origin: names in its storages, cookies. */
  async kept() {
    const kept = await this.#page.evaluate(async () => ({
      local: Object.keys(localStorage),
      session: Object.keys(sessionStorage),
      databases: (await indexedDB.databases()).map((database) => database.name),
    }));
    const cookies = await this.#page.context().cookies();
    return { ...kept, cookies: cookies.map((cookie) => cookie.name) };
  }

  /** All that the session keeps, as text. */
  keptText() {
    return this.#page.evaluate(() => JSON.stringify(Object.entries(sessionStorage)));
  }

  /** All requests of the page so far, of whatever kind. */
  requests() {
    return this.#requests.map((request) => `${request.method()} ${request.url()}`);
  }

  addresses() {
    return [...this.#requests.map((request) => request.url()), this.#page.url()];
  }

  requestsTo(path) {
    return this.#requests.filter((request) => new URL(request.url()).pathname === path);
  }

  /** The operations that were sent, introspection left out. */
  operationsSent() {
    const sent = this.requestsTo("/graphql").map((request) => JSON.parse(request.postData()));
    return sent.filter(({ query }) => !query.includes("__schema"));
  }

  foreignRequests() {
    const urls = this.#requests.map((request) => request.url()).filter((url) => !url.startsWith("data:"));
    return urls.filter((url) => new URL(url).origin !== this.#origin);
  }

  complaints() {
    return this.#complaints;
  }
}
