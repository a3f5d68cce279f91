// GraphiQL as somebody in front of it uses it, and what the browser saw meanwhile.
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

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

export class Page {
  #page;
  #origin;
  #requests = [];
  #complaints = [];
  #tabs;

  static async open(browser, url) {
    const self = new Page();
    self.#origin = new URL(url).origin;
    const context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
    self.#page = await context.newPage();
    self.#watch();
    await self.#arrive(() => self.#page.goto(url));
    return self;
  }

  #watch() {
    this.#page.on("request", (request) => this.#requests.push(request));
    this.#page.on("pageerror", (error) => this.#complaints.push(`uncaught: ${error.message}`));
    this.#page.on("requestfailed", (request) => this.#complaints.push(`failed: ${request.method()} ${request.url()}`));
    this.#page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) this.#complaints.push(`${message.type()}: ${message.text()}`);
    });
  }

  /** Loads the page and waits until its schema has come. */
  async #arrive(load) {
    const tabs = this.#page.waitForResponse(`${this.#origin}/graphiql/tabs`);
    const schema = this.#page.waitForResponse(
      (response) => response.url() === `${this.#origin}/graphql` && response.request().postData()?.includes("__schema"),
    );
    await Promise.all([load(), tabs, schema]);
    this.#tabs = await (await tabs).json();
    const introspected = await schema;
    if (introspected.status() !== 200) throw new Error(`introspection answered ${introspected.status()}`);
    await this.#page.locator(".graphiql-execute-button").waitFor();
  }

  reload() {
    return this.#arrive(() => this.#page.reload());
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

  /** Presses play in the open tab and gives the result that is then shown. */
  async run() {
    await this.#page.locator(".result-window .CodeMirror").evaluate((pane) => pane.CodeMirror.setValue(""));
    await this.#page.getByRole("button", { name: "Execute query" }).click();
    const result = await this.#page.waitForFunction(() => {
      const text = document.querySelector(".result-window .CodeMirror").CodeMirror.getValue();
      return text.trim() === "" ? null : text;
    });
    return JSON.parse(await result.jsonValue());
  }

  async openDocumentation() {
    await this.#page.getByRole("button", { name: "Show Documentation Explorer" }).click();
    const docs = this.#page.locator(".graphiql-doc-explorer");
    await docs.getByText("Mutation").first().waitFor();
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

  async background(colorScheme) {
    await this.#page.emulateMedia({ colorScheme });
    return this.#page.locator(".graphiql-container").evaluate((element) => getComputedStyle(element).backgroundColor);
  }

  screenshot(path) {
    return this.#page.screenshot({ path });
  }

  /** What the browser keeps of this origin: names in its storages, cookies. */
  async kept() {
    const names = await this.#page.evaluate(async () => [
      ...Object.keys(localStorage),
      ...Object.keys(sessionStorage),
      ...(await indexedDB.databases()).map((database) => database.name),
    ]);
    const cookies = await this.#page.context().cookies();
    return [...names, ...cookies.map((cookie) => cookie.name)];
  }

  /** How many operations were sent, introspection left out. */
  operationsSent() {
    const sent = this.#requests.filter((request) => new URL(request.url()).pathname === "/graphql");
    return sent.filter((request) => !request.postData()?.includes("__schema")).length;
  }

  foreignRequests() {
    const urls = this.#requests.map((request) => request.url()).filter((url) => !url.startsWith("data:"));
    return urls.filter((url) => new URL(url).origin !== this.#origin);
  }

  complaints() {
    return this.#complaints;
  }
}
