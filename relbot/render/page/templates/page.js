(() => {
  "use strict";
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const body = document.body;

  // Two views of one page: the address says which one is shown, so that it can be sent and "back" works.
  const views = all(".view");
  const showView = () => {
    const wanted = location.hash.slice(1);
    const current = views.find((view) => view.id === wanted) || views[0];
    for (const view of views) view.classList.toggle("current", view === current);
    for (const link of all("nav a")) {
      if (link.hash === `#${current.id}`) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  };
  if (views.length > 1 && body.dataset.plan !== undefined) {
    body.classList.add("views");
    showView();
    addEventListener("hashchange", () => {
      showView();
      document.querySelector(".view.current h2").focus();
    });
  }

  // Each command gets a button that copies it whole.
  const copyCommand = async (button) => {
    const text = button.parentNode.firstChild.data;
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(button.parentNode);
      button.textContent = "Selected";
    }
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  };
  for (const command of all(".c")) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Copy";
    button.setAttribute("aria-label", `Copy: ${command.textContent.slice(0, 60)}`);
    button.addEventListener("click", () => copyCommand(button));
    command.append(button);
  }

  // Without a ledger this browser remembers what was ticked, for this plan alone.
  const key = `relbot:${body.dataset.plan}`;
  const readTicks = () => {
    try { return new Set(JSON.parse(localStorage.getItem(key) || "[]")); } catch { return new Set(); }
  };
  const writeTicks = (ticks) => {
    try { localStorage.setItem(key, JSON.stringify([...ticks])); } catch { /* a browser that keeps nothing */ }
  };
  const countSteps = (view) => {
    const bar = view.querySelector("progress");
    if (!bar) return;
    bar.value = all("input:checked", view).length;
    view.querySelector(".count").textContent = `${bar.value} of ${bar.max} steps done`;
  };
  const nameOf = (box) => `${box.closest(".view").id} ${box.closest("[data-n]").dataset.n}`;
  const ticks = readTicks();
  for (const box of all("[data-n] input:enabled")) box.checked = ticks.has(nameOf(box));
  for (const view of views) if (view.querySelector("input:enabled")) countSteps(view);
  addEventListener("change", ({ target }) => {
    if (!target.matches("[data-n] input")) return;
    const now = readTicks();
    if (target.checked) now.add(nameOf(target)); else now.delete(nameOf(target));
    writeTicks(now);
    countSteps(target.closest(".view"));
  });

  // Paper cannot be unfolded.
  addEventListener("beforeprint", () => { for (const each of all("details")) each.open = true; });

  // How old the page is, in words; nothing here asks a server.
  const time = document.querySelector("header time");
  const sayAge = () => {
    const minutes = Math.floor((Date.now() - Date.parse(time.dateTime)) / 60000);
    const hours = Math.floor(minutes / 60);
    const long = hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} days`;
    const said = minutes < 1 ? "less than a minute" : minutes < 120 ? `${minutes} min` : long;
    document.querySelector(".age").textContent = `(${said} ago)`;
  };
  if (time) { sayAge(); setInterval(sayAge, 60000); }
})();
