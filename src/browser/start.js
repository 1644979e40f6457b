((script) => {
  const { js, wasm } = script.dataset;
  const { saveData: saving, effectiveType: speed } = navigator.connection || {};
  const { dataset } = document.documentElement;
  if (saving) dataset.saving = "";
  if (speed && speed !== "4g") dataset.slow = "";
  const parsed = () =>
    document.readyState !== "loading" || new Promise((done) => addEventListener("DOMContentLoaded", done, { once: true }));
  const shown = location.pathname + location.search;
  const moved = () => location.pathname + location.search !== shown && location.reload();
  addEventListener("popstate", moved);
  let started;
  const start = () =>
    (started ||= Promise.all([import(js), fetch(wasm, { credentials: "same-origin" }), parsed()])
      .then(async ([module, response]) => {
        await module.default({ module_or_path: response });
        removeEventListener("popstate", moved);
        module.hydrate(module);
      })
      .catch(() => {}));
  for (const intent of ["pointerdown", "touchstart", "keydown", "focusin"])
    addEventListener(intent, start, { once: true, passive: true, capture: true });
  if (!saving) requestAnimationFrame(() => setTimeout(start));
})(document.currentScript);
