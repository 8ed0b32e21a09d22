// Keys, help and folds. Every page works without this file; it only saves the hand a way.
"use strict";
(() => {
  const help = document.getElementById("help");
  const main = document.getElementById("main");
  const keysOn = help && help.dataset.keys === "on";

  // -- help, without leaving the page
  const openHelp = () => {
    if (!help || help.open) return;
    help.showModal();
    help.scrollTop = 0;
    document.getElementById("help-title").focus();
  };
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-help]") && help && help.showModal) {
      event.preventDefault();
      openHelp();
    } else if (event.target === help) {
      help.close();
    }
  });

  // -- folds close when one is elsewhere
  const folds = [...document.querySelectorAll("details.fold")];
  const closeFolds = (but) => folds.forEach((fold) => fold !== but && (fold.open = false));
  document.addEventListener("click", (event) => closeFolds(event.target.closest("details.fold")));
  document.addEventListener("focusin", (event) => closeFolds(event.target.closest("details.fold")));

  // -- rows of a list
  const rows = () =>
    [...main.querySelectorAll("tbody tr")].filter((row) => row.offsetParent && row.querySelector("a[href]"));
  const here = () => document.activeElement.closest("main tbody tr");
  const step = (by) => {
    const all = rows();
    if (!all.length) return false;
    const at = all.indexOf(here());
    const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + by))];
    next.querySelector("a[href]").focus();
    next.scrollIntoView({ block: "nearest" });
    return true;
  };

  // -- rows picked on a list
  const picking = document.getElementById("picked");
  if (picking) {
    const boxes = [...document.querySelectorAll("input[form=picked][name=household]")];
    const every = picking.elements.namedItem("all");
    const page = document.createElement("button");
    page.type = "button";
    page.className = "btn quiet small";
    picking.prepend(page);
    const tell = () => {
      const picked = boxes.filter((box) => box.checked).length;
      const many = every.checked ? Number(every.dataset.many) : picked;
      page.textContent = picked === boxes.length ? "本页都不选" : `选本页 ${boxes.length} 户`;
      page.disabled = every.checked;
      picking.querySelector("output").textContent = many ? `选了 ${many} 户` : "还没有选";
      picking.querySelector("[data-acts]").disabled = !many || many > Number(picking.dataset.most);
    };
    let last = null; // with shift, all from the box before to this one
    boxes.forEach((box) =>
      box.addEventListener("click", (event) => {
        if (event.shiftKey && last) {
          const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
          boxes.slice(from, to + 1).forEach((one) => (one.checked = box.checked));
        }
        last = box;
        tell();
      }),
    );
    page.addEventListener("click", () => {
      const all = boxes.every((box) => box.checked);
      boxes.forEach((box) => (box.checked = !all));
      tell();
    });
    every.addEventListener("change", tell);
    window.addEventListener("pageshow", tell);
    tell();
  }

  const typing = (target) =>
    target.isContentEditable ||
    target.closest("textarea, select, input:not([type=checkbox]):not([type=radio]):not([type=button]):not([type=submit])");

  let going = 0; // when g was pressed: the letter after it says where to
  const acts = {
    "/": () => {
      const find = document.getElementById("find");
      if (find) find.select(), find.focus();
      return Boolean(find);
    },
    "?": () => (openHelp(), true),
    j: () => step(1),
    k: () => step(-1),
    o: () => {
      const link = here() && here().querySelector("a[href]");
      if (link) link.click();
      return Boolean(link);
    },
    x: () => {
      const box = here() && here().querySelector("input[type=checkbox]");
      if (box) box.click();
      return Boolean(box);
    },
    g: () => ((going = Date.now()), true),
  };

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Escape") {
      const fold = folds.find((one) => one.open);
      closeFolds();
      if (fold) fold.querySelector("summary").focus();
      else if (typing(event.target)) event.target.blur();
      return;
    }
    if (!keysOn || typing(event.target) || help.open) return;
    if (Date.now() - going < 1500) {
      going = 0;
      const link = document.querySelector(`[data-go="${CSS.escape(event.key)}"]`);
      if (link) event.preventDefault(), link.click();
      return;
    }
    const act = Object.hasOwn(acts, event.key) && acts[event.key];
    if (act && act()) event.preventDefault();
  });
})();
