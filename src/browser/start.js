((script) => {
  const { js, wasm, worker } = script.dataset;
  const { connection = {}, serviceWorker: workers } = navigator;
  const { dataset } = document.documentElement;
  const cookie = (name) => new RegExp(`(?:^|; )${name}=(\\w+)`).exec(document.cookie)?.[1];
  if (/[23]g/.test(connection.effectiveType)) dataset.slow = "";
  // A page that was kept may be of before that choice. Where a browser says it in the page alone, it is asked for again, once.
  const data = cookie("data");
  const prefers = connection.saveData || matchMedia("(prefers-reduced-data: reduce)").matches;
  const say = (value, age) => {
    document.cookie = `data=${value}; Path=/; SameSite=Lax; Max-Age=${age}`;
    if (cookie("data") !== data) location.reload();
  };
  if (data === "little" || (prefers && data !== "full")) {
    if (!data && !("saving" in dataset)) say("preferred", 3e7);
    dataset.saving = "on";
  } else if (data === "preferred") say("", 0);
  // A page that was kept may be in the theme of that day.
  const theme = cookie("theme");
  if (theme) dataset.theme = theme;
  // A picture that waits for a tap.
  addEventListener("click", (event) => {
    const later = event.target.closest?.(".later");
    if (!later || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const picture = later.nextElementSibling.content;
    const image = picture.querySelector("img");
    later.replaceWith(picture);
    image.tabIndex = -1;
    image.focus();
  });
  const parsed = new Promise((done) => addEventListener("DOMContentLoaded", done));
  const here = () => location.href.split("#")[0];
  const shown = here();
  const moved = () => here() !== shown && location.reload();
  addEventListener("popstate", moved);
  const keep = async () => {
    // On its first day the worker is told what this page had loaded already.
    const isFirst = !workers.controller;
    await workers.register(trusted.createScriptURL(worker));
    const { active } = await workers.ready;
    if (isFirst) active.postMessage(performance.getEntriesByType("resource").map(({ name }) => name));
  };
  // The policy names this one rule for text that becomes markup or a script, and only this function has it.
  const rules = { createHTML: (html) => html, createScriptURL: (url) => url };
  const trusted = self.trustedTypes?.createPolicy("pavise", rules) || rules;
  const parse = (html) => new DOMParser().parseFromString(trusted.createHTML(html), "text/html");
  let start, isAwake;
  const wake = async () => {
    const [module, response] = await Promise.all([import(js), fetch(wasm), parsed]);
    await module.default({ module_or_path: response });
    removeEventListener("popstate", moved);
    module.hydrate(module, parse);
    isAwake = true;
  };
  const started = new Promise((done) => (start = done)).then(wake).catch(() => {});
  if (worker) started.then(keep).catch(() => {});
  const isSaving = "saving" in dataset;
  // Links and pictures need none of it, and who scrolls touches whatever is there.
  const needs = isSaving ? "button,input,select,textarea" : "*";
  const intend = async ({ type, target }) => {
    if (isAwake || !target.closest?.(needs)) return;
    start();
    await started;
    // What does nothing by itself was pressed too early.
    if (isAwake && type === "click") target.closest("[type=button]")?.click();
  };
  for (const intent of ["pointerdown", "keydown", "focusin", "click"]) addEventListener(intent, intend, true);
  if (!isSaving) requestAnimationFrame(() => setTimeout(start));
})(document.currentScript);
