/* Autosave: a form with data-autosave is posted there while it is written. The answer is JSON,
   200 {saved_at, version} or 409 {theirs, version}; without a connection it is tried again. */

const portal = window.portal;
const words = portal.words;
const { erase, fieldsOf, same, keyOf, keep, stateOf, say, element, showConflict } = portal.drafts;
const RETRY = 15000;

function clock() {
  const now = new Date();
  return now.getHours() + ":" + String(now.getMinutes()).padStart(2, "0");
}

function later(form, wait) {
  const state = stateOf(form);
  clearTimeout(state.timer);
  state.timer = setTimeout(() => autosave(form), wait);
}

async function autosave(form, leaving) {
  const state = stateOf(form);
  if (!form.isConnected || state.blocked || !state.changed || form.querySelector(".conflict")) return;
  if (state.busy) {
    later(form, 800);
    return;
  }
  state.busy = true;
  state.changed = false;
  const sent = fieldsOf(form);
  say(form, words.saving, "wait");
  let answer = null;
  try {
    const body = new FormData(form);
    Array.from(form.querySelectorAll("input[type=file]")).forEach((input) => body.delete(input.name));
    answer = await fetch(form.dataset.autosave, {
      method: "POST", body: new URLSearchParams(body), credentials: "same-origin", keepalive: Boolean(leaving),
      headers: { "X-CSRFToken": portal.token(), "X-Requested-With": "autosave", Accept: "application/json" },
    });
  } catch (error) {
    answer = null;
  }
  state.busy = false;
  if (!answer) {
    state.changed = true;
    say(form, words.offline, "bad");
    later(form, RETRY);
    return;
  }
  await afterAutosave(form, answer, sent);
}

async function afterAutosave(form, answer, sent) {
  const state = stateOf(form);
  const json = (answer.headers.get("content-type") || "").indexOf("json") >= 0 ? await answer.json() : null;
  if (answer.status === 200 && json && !answer.redirected) {
    setVersion(form, json.version);
    if (same(sent, fieldsOf(form))) erase(keyOf(form));
    say(form, words.saved + " " + (json.saved_at || clock()));
  } else if (answer.status === 409 && json) {
    state.blocked = true;
    say(form, words.failed, "bad");
    const theirs = {};
    Object.keys(json.theirs || {}).forEach((name) => { theirs[name] = [].concat(json.theirs[name]).map(String); });
    showConflict(form, fieldsOf(form), theirs, words.conflict, () => {
      setVersion(form, json.version);
      state.blocked = false;
      state.changed = true;
      later(form, 200);
    });
  } else if (answer.status === 401 || answer.redirected) {
    state.changed = true;
    state.blocked = true;
    keep(form);
    askToLogIn(form);
  } else if (answer.status === 422 || answer.status === 400) {
    keep(form);
    say(form, words.failed, "bad");
  } else {
    state.changed = true;
    keep(form);
    say(form, words.failed, "bad");
    later(form, RETRY);
  }
}

function setVersion(form, version) {
  if (version !== undefined && form.elements.version) form.elements.version.value = version;
}

function askToLogIn(form) {
  say(form, words.loginAgain, "bad");
  if (form.querySelector(".login-again")) return;
  const note = element("div", "note note-bad draft-note login-again");
  note.setAttribute("role", "alert");
  note.appendChild(element("p", "", words.loginAgain));
  const link = element("a", "btn btn-plain btn-small", words.logIn);
  link.href = "/login?next=" + encodeURIComponent(location.pathname + location.search);
  note.appendChild(link);
  form.insertBefore(note, form.firstChild);
}

/* ── While it is written ── */
document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (!form || !event.isTrusted || !form.matches("[data-guard], [data-draft], [data-autosave]")) return;
  const state = stateOf(form);
  state.changed = true;
  if (keyOf(form) && state.changed) {
    clearTimeout(state.keeping);
    state.keeping = setTimeout(() => keep(form), 250);
  }
  if (form.dataset.autosave && state.changed) later(form, 1500);
});
document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (!form || !form.matches("[data-draft], [data-autosave]") || event.target.matches("[type=file]")) return;
  stateOf(form).changed = true;
  keep(form);
  if (form.dataset.autosave) later(form, 1500);
});

function listen(root) {
  root.querySelectorAll("form[data-autosave]").forEach((form) => {
    form.addEventListener("portal:save-soon", () => later(form, 1500));
  });
}

function saveAll(leaving) {
  document.querySelectorAll("form[data-autosave]").forEach((form) => { autosave(form, leaving); });
}

document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") saveAll(true); });
window.addEventListener("online", () => saveAll(false));

listen(document);
document.body.addEventListener("htmx:load", (event) => {
  if (event.detail.elt !== document.body) listen(event.detail.elt.parentNode || document);
});
