/* Sending what was written: forms without a connection, what was put aside meanwhile, erasing what has
   arrived, asking before unkept words are left, and nothing left behind at logout. */

const portal = window.portal;
const words = portal.words;
const { read, write, erase, keys, fieldsOf, written, keyOf, keep, stateOf, say, element, restore } = portal.drafts;
const SENT = "portal-sent";

function failsToSend(form) {
  if (!keyOf(form)) return;
  stateOf(form).changed = true;
  keep(form);
}

/* An outbox form is put aside whole and the page is free for the next one. */
function queue(form) {
  const body = new URLSearchParams(new FormData(form)).toString();
  const key = keyOf(form);
  keep(form, { queued: { action: form.action, body } });
  write(key + "#" + form.elements.client_key.value, read(key));
  erase(key);
  stateOf(form).changed = false;
  form.reset();
  form.elements.client_key.value = "";      /* the next line is another one: reset leaves hidden fields */
  prepareForm(form);
  listUnsent();
}

function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes).map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/* Before anything else sees the submit: without a connection the text stays here. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.hasAttribute("data-logout")) {
    const unsent = keys();
    if (unsent.length && !window.confirm(words.unsent)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    unsent.forEach(erase);
    sessionStorage.removeItem(SENT);
    try {
      localStorage.setItem("portal-out", "1");      /* the other tabs hear of it; nothing stays */
      localStorage.removeItem("portal-out");
    } catch (error) { /* nothing is kept */ }
    document.querySelectorAll("form").forEach((other) => { stateOf(other).changed = false; });
    return;
  }
  if (!form.matches("[data-draft], [data-autosave], [data-guard]")) {
    if (form.method === "post") remember(form);
    return;
  }
  const state = stateOf(form);
  clearTimeout(state.timer);
  clearTimeout(state.keeping);
  if (keyOf(form) && navigator.onLine === false) {
    event.preventDefault();
    event.stopImmediatePropagation();
    const queued = form.hasAttribute("data-outbox");
    if (queued) queue(form);
    else failsToSend(form);
    say(form, words.offline, "bad");
    portal.toast(queued ? words.queued : words.offline, !queued);
    return;
  }
  state.changed = false;
  if (keyOf(form) && !form.hasAttribute("data-hx-post")) keep(form);
  remember(form);
}, true);

/* What is being sent, for the page that follows: it has arrived, or the login came in between. */
function remember(form) {
  const key = keyOf(form);
  if (!portal.account || (key && form.hasAttribute("data-hx-post"))) return;
  const sent = { key, page: location.pathname, account: portal.account };
  if (!key && written(form)) Object.assign(sent, { action: form.getAttribute("action"), fields: fieldsOf(form) });
  try {
    sessionStorage.setItem(SENT, JSON.stringify(sent));
  } catch (error) { /* too much, or forbidden */ }
}

/* After the login: the form that was sent without a draft of its own becomes one. */
function offerAgain(sent) {
  const form = Array.from(document.forms).find((one) => one.getAttribute("action") === sent.action);
  if (!form || sent.account !== portal.account) return;
  form.dataset.draft = "sent:" + sent.action;
  write(keyOf(form), { fields: sent.fields, text: "", at: Date.now(), page: location.pathname, title: document.title });
}

/* A sent form has arrived when the page that follows is neither the login, an error, nor the form with errors. */
function followUp() {
  const raw = sessionStorage.getItem(SENT);
  if (!raw || !portal.account) return;
  sessionStorage.removeItem(SENT);
  const sent = JSON.parse(raw);
  const entry = performance.getEntriesByType("navigation")[0];
  const from = document.referrer ? new URL(document.referrer).pathname : "";
  if (from === "/login" && sent.fields) offerAgain(sent);
  if (!entry || entry.type !== "navigate" || from !== sent.page) return;
  if (document.querySelector("[data-page-error], [data-error-summary]")) return;
  erase(sent.key);
}

document.body.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt;
  const status = event.detail.xhr.status;
  if (status !== 401) sessionStorage.removeItem(SENT);
  if (!form.matches || !form.matches("form[data-draft], form[data-autosave]")) return;
  if (status >= 200 && status < 300) erase(keyOf(form));
  else if (status >= 400 && status !== 422) failsToSend(form);
});
document.body.addEventListener("htmx:sendError", (event) => {
  const form = event.detail.elt;
  if (form.matches && form.matches("form[data-outbox]")) {
    queue(form);
    portal.toast(words.queued);
  } else if (form.matches && form.matches("form[data-draft], form[data-autosave]")) {
    failsToSend(form);
    say(form, words.offline, "bad");
  }
});

/* ── What was written without a connection goes out when there is one ── */
let sending = false;
async function sendQueued() {
  if (sending || !portal.account || navigator.onLine === false) return;
  sending = true;
  for (const key of keys()) {
    const entry = read(key);
    if (!entry || !entry.queued) continue;
    const body = new URLSearchParams(entry.queued.body);
    body.set("csrf_token", portal.token());
    let answer = null;
    try {
      answer = await fetch(entry.queued.action, {
        method: "POST", body, credentials: "same-origin",
        headers: { "X-CSRFToken": portal.token(), "X-Requested-With": "outbox" },
      });
    } catch (error) {
      break;
    }
    if (answer.redirected && new URL(answer.url).pathname === "/login") break;
    if (answer.ok) {
      erase(key);
      portal.toast(words.sent);
    } else if (answer.status === 422 || answer.status === 409) {
      delete entry.queued;       /* a person has to look at it: it stays as a draft */
      write(key, entry);
    } else {
      break;
    }
  }
  sending = false;
  listUnsent();
}

/* ── The list of what is only here ── */
function listUnsent() {
  const box = document.querySelector("section[data-unsent]");
  if (!box) return;
  const list = box.querySelector("[data-unsent-list]");
  const entries = keys().map(read).filter(Boolean).sort((one, other) => other.at - one.at);
  list.textContent = "";
  entries.forEach((entry) => {
    const row = element("li");
    const text = entry.text || "";
    row.appendChild(element("span", "todo-kind", entry.title.slice(0, 12)));
    const body = element("div", "todo-body");
    const link = element("a", "todo-what", text.slice(0, 40) || entry.title);
    link.href = entry.page;
    body.appendChild(link);
    body.appendChild(element("p", "todo-meta", new Date(entry.at).toLocaleString(document.documentElement.lang)));
    row.appendChild(body);
    const due = element("div", "todo-due");
    due.appendChild(element("span", "tag " + (entry.queued ? "tag-wait" : "tag-open"), entry.queued ? words.waiting : words.draft));
    row.appendChild(due);
    list.appendChild(row);
  });
  box.querySelector("[data-unsent-count]").textContent = entries.length + " · " + words.local;
  box.hidden = !entries.length;
}

/* ── Leaving ── */
window.addEventListener("beforeunload", (event) => {
  const lost = Array.from(document.querySelectorAll("form[data-guard]")).some((form) => {
    const state = stateOf(form);
    if (!state.changed) return false;
    return !(keyOf(form) && keep(form));
  });
  if (lost) {
    event.preventDefault();
    event.returnValue = "";
  }
});
window.addEventListener("online", sendQueued);
window.addEventListener("offline", () => {
  document.querySelectorAll("form[data-autosave], form[data-draft]").forEach((form) => say(form, words.offline, "bad"));
});
/* ── Start ── */
function prepareForm(form) {
  const key = form.elements.client_key;
  if (key && !key.value) key.value = newKey();
}

function prepare(root) {
  root.querySelectorAll("form[data-outbox]").forEach(prepareForm);
  root.querySelectorAll("form[data-guard]").forEach((form) => {
    if (form.querySelector("[data-error-summary]")) stateOf(form).changed = true;
  });
  if (!portal.account) return;
  root.querySelectorAll("form[data-draft], form[data-autosave]").forEach(restore);
  keys().filter((name) => name.indexOf("step-") === 0).forEach(dropTaken);
}

/* A step that was taken is offered no more: its words have arrived when the page shows them. */
function dropTaken(name) {
  const { page, text } = read(name);
  if (page !== location.pathname + location.search || document.querySelector("form[data-draft='" + name + "']")) return;
  if (document.querySelector("main").textContent.indexOf(text) >= 0) erase(name);
}

followUp();
prepare(document);
document.body.addEventListener("htmx:load", (event) => {
  if (event.detail.elt !== document.body) prepare(event.detail.elt.parentNode || document);
});
sendQueued();
listUnsent();
