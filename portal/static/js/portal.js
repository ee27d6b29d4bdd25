/* Every page: the token on HTMX requests, announcements, menus, dialogs, copying, printing, tables.
   Without this file every page still works; nothing here decides anything. */

const wordsElement = document.getElementById("words");
const live = document.getElementById("live");
const toasts = document.getElementById("toast-live");
const FOCUSABLE = "a[href], button:not([disabled]), input:not([type=hidden]):not([disabled]), select, textarea";

const portal = {
  words: wordsElement ? wordsElement.dataset : {},
  account: document.body.dataset.account || "",

  /* The token that the server wants with every change. */
  token() {
    const meta = document.querySelector("meta[name=csrf-token]");
    return meta ? meta.content : "";
  },

  /* Read aloud what has changed. */
  announce(text) {
    if (!live || !text) return;
    live.textContent = "";
    setTimeout(() => { live.textContent = text; }, 80);
  },

  /* A short line at the bottom that goes away by itself. */
  toast(text, bad) {
    if (!toasts || !text) return;
    const line = document.createElement("div");
    line.className = "toast-line" + (bad ? " toast-bad" : "");
    line.textContent = text;
    toasts.appendChild(line);
    setTimeout(() => line.remove(), bad ? 9000 : 5000);
  },
};
window.portal = portal;

/* ── HTMX ── */
document.body.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = portal.token();
});

document.body.addEventListener("htmx:responseError", (event) => {
  const status = event.detail.xhr.status;
  portal.toast(status === 403 || status === 404 ? portal.words.forbidden : portal.words.error, true);
});

document.body.addEventListener("htmx:sendError", () => portal.toast(portal.words.noNetwork, true));

/* After a swap that a person asked for: errors first, else say so; focus never falls to nowhere. */
document.body.addEventListener("htmx:afterSettle", (event) => {
  const part = event.detail.elt;
  const cause = event.detail.requestConfig && event.detail.requestConfig.triggeringEvent;
  if (!cause || !(cause.type === "submit" || cause.type === "click" || cause.type === "change")) return;
  const summary = part.matches && (part.matches("[data-error-summary]") ? part : part.querySelector("[data-error-summary]"));
  if (summary) {
    summary.focus();
    return;
  }
  portal.announce(portal.words.updated);
  if (document.activeElement === document.body && part.isConnected) {
    if (!part.hasAttribute("tabindex")) part.setAttribute("tabindex", "-1");
    part.focus({ preventScroll: true });
  }
});

/* ── Things that exist only with script ── */
/* The width of a table changes with the window, with fonts that arrive, and when a closed part is opened. */
const sizes = window.ResizeObserver && new ResizeObserver((entries) => entries.forEach((entry) =>
  stopOnlyWhereItScrolls(entry.target.closest(".table-box"))));

function prepare(root) {
  root.querySelectorAll(".needs-script[hidden]").forEach((element) => { element.hidden = false; });
  root.querySelectorAll(".table-box[tabindex]").forEach((box) => {
    stopOnlyWhereItScrolls(box);
    if (!sizes) return;
    sizes.observe(box);
    sizes.observe(box.firstElementChild);
  });
}

/* A table that fits needs no stop for the Tab key. */
function stopOnlyWhereItScrolls(box) {
  if (box.clientWidth) box.tabIndex = box.scrollWidth > box.clientWidth + 1 ? 0 : -1;
}

/* On a phone the tab of this page may lie outside the row. */
const tab = document.querySelector(".tabs [aria-current]");
if (tab) tab.closest(".tabs").scrollLeft = tab.offsetLeft - 40;

prepare(document);
document.body.addEventListener("htmx:load", (event) => prepare(event.detail.elt.parentNode || document));

const firstErrors = document.querySelector("[data-error-summary]");
if (firstErrors) firstErrors.focus();

/* A link of the error summary leads into the control, also for a group. */
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-error-summary] a[href^='#']");
  if (!link) return;
  const target = document.getElementById(link.getAttribute("href").slice(1));
  if (!target) return;
  event.preventDefault();
  const control = target.matches("fieldset") ? target.querySelector(FOCUSABLE) || target : target;
  control.focus();
  control.scrollIntoView({ block: "center" });
});

/* ── Menus close by themselves ── */
const MENUS = "details.menu[open], details.more[open]";
document.addEventListener("click", (event) => {
  document.querySelectorAll(MENUS).forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  document.querySelectorAll(MENUS).forEach((menu) => {
    menu.open = false;
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
  });
});

/* ── Dialogs: a link to a page with the same form, opened over this one ── */
let openDialog = null;
let opener = null;

function showDialog(back, link) {
  openDialog = back;
  opener = link;
  back.hidden = false;
  (back.querySelector("textarea, input:not([type=hidden]), select") || back.querySelector(".dialog")).focus();
}

function hideDialog() {
  if (!openDialog) return;
  openDialog.hidden = true;
  openDialog = null;
  if (opener && opener.isConnected) opener.focus();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-dialog]");
  if (link) {
    const back = document.getElementById(link.dataset.dialog);
    if (back) {
      event.preventDefault();
      showDialog(back, link);
    }
    return;
  }
  if (openDialog && (event.target === openDialog || event.target.closest("[data-close]"))) {
    event.preventDefault();
    hideDialog();
  }
});

document.addEventListener("keydown", (event) => {
  if (!openDialog) return;
  if (event.key === "Escape") {
    hideDialog();
  } else if (event.key === "Tab") {
    const stops = Array.from(openDialog.querySelectorAll(FOCUSABLE)).filter((stop) => stop.offsetParent !== null);
    const first = stops[0];
    const last = stops[stops.length - 1];
    if (event.shiftKey && document.activeElement === first) {
      event.preventDefault();
      last.focus();
    } else if (!event.shiftKey && document.activeElement === last) {
      event.preventDefault();
      first.focus();
    }
  }
});

/* ── Copying and printing ── */
function select(element) {
  const range = document.createRange();
  range.selectNodeContents(element);
  const selection = window.getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
}

/* The clipboard needs https; the older way serves a school's own address. */
async function copyText(element) {
  select(element);
  try {
    if (navigator.clipboard && window.isSecureContext) {
      await navigator.clipboard.writeText(element.textContent.trim());
      return true;
    }
    return document.execCommand("copy");
  } catch (error) {
    return false;
  }
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  const text = event.target.closest("[data-say]");
  if (button) {
    const source = button.parentNode.querySelector("[data-say]");
    const done = source && await copyText(source);
    portal.toast(done ? portal.words.copied : portal.words.copyFailed, !done);
  } else if (text) {
    if (await copyText(text)) portal.toast(portal.words.copied);
  } else if (event.target.closest("[data-print]")) {
    window.print();
  }
});

/* ── Up and down within the links of a table's column ── */
document.addEventListener("keydown", (event) => {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const from = event.target;
  if (!from.matches || !from.matches(".grid-table a, .grid-table input[type=checkbox], .todo-what")) return;
  const item = from.closest("tr, li");
  const place = item.matches("tr") ? Array.from(item.cells).indexOf(from.closest("td, th")) : -1;
  let next = item;
  while (next) {
    next = event.key === "ArrowDown" ? next.nextElementSibling : next.previousElementSibling;
    const scope = next && place >= 0 ? next.cells[place] : next;
    const stop = scope && scope.querySelector(from.matches("input") ? "input[type=checkbox]" : "a[href]");
    if (stop) {
      event.preventDefault();
      stop.focus();
      return;
    }
  }
});

/* ── Around the week: from cell to cell with the arrow keys ── */
const WAYS = { ArrowDown: [0, 1], ArrowUp: [0, -1], ArrowRight: [1, 0], ArrowLeft: [-1, 0] };

function middle(link) {
  const box = link.getBoundingClientRect();
  return [box.left + box.width / 2, box.top + box.height / 2];
}

document.addEventListener("keydown", (event) => {
  const way = WAYS[event.key];
  const from = event.target.closest && event.target.closest(".tt a");
  if (!way || !from || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const [x, y] = middle(from);
  let best = null;
  let cost = Infinity;
  from.closest(".tt").querySelectorAll("a[href]").forEach((link) => {
    const [toX, toY] = middle(link);
    const along = (toX - x) * way[0] + (toY - y) * way[1];
    const aside = Math.abs((toX - x) * way[1]) + Math.abs((toY - y) * way[0]);
    if (link === from || along < 4 || aside > along * 2) return;
    if (along + aside * 3 < cost) {
      cost = along + aside * 3;
      best = link;
    }
  });
  if (best) {
    event.preventDefault();
    best.focus();
  }
});
