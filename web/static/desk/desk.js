// What makes the desk quicker where scripts run. Everything works without it.
"use strict";
(function () {
  document.documentElement.classList.add("js");

  // Fields that only some answers need stand back until such an answer is chosen.
  function settle(form) {
    const chosen = form.querySelector("input[name=how]:checked");
    const how = chosen ? chosen.value : "";
    form.querySelectorAll(":scope .when").forEach(function (part) {
      const filled = Array.from(part.querySelectorAll("input")).some(function (field) {
        return field.type === "checkbox" ? field.checked : field.value !== "";
      });
      part.classList.toggle("gone", !part.dataset.when.split(" ").includes(how) && !(filled && how === ""));
    });
  }
  function settleAll(root) { root.querySelectorAll("form.fact").forEach(settle); }

  // Typing a value says that it is known; ticking a value that some are.
  function follow(event) {
    const form = event.target.closest("form.fact");
    if (!form) { return; }
    const how = form.querySelector("input[name=how]:checked");
    const unsaid = !how || how.value === "" || how.value === "unknown";
    if (event.target.name === "first" && event.target.value !== "" && unsaid) {
      const exact = form.querySelector("input[name=how][value=exactly]");
      if (exact) { exact.checked = true; }
    }
    settle(form);
    // An answer that is still being given is not saved half-way.
    if (event.type === "change" && unfinished(form)) { event.stopPropagation(); }
  }
  function unfinished(form) {
    const chosen = form.querySelector("input[name=how]:checked");
    const how = chosen ? chosen.value : "";
    const first = form.querySelector("input[name=first]");
    const second = form.querySelector("input[name=second]");
    if (first) {
      const two = how === "between" || how === "one_of";
      return how !== "" && how !== "unknown" && (first.value === "" || (two && second.value === ""));
    }
    const ticks = form.querySelectorAll("input[type=checkbox]");
    const needs = how === "several" || how === "some";
    return needs && !Array.from(ticks).some(function (tick) { return tick.checked; });
  }
  document.addEventListener("input", follow, true);
  document.addEventListener("change", follow, true);
  document.addEventListener("DOMContentLoaded", function () { settleAll(document); });
  if (document.readyState !== "loading") { settleAll(document); }

  // A save that did not arrive is told where it was typed; what was typed stays in the fields.
  function lost(event) {
    const state = event.detail.elt.querySelector(".state");
    if (!state) { return; }
    const told = document.createElement("p");
    told.className = "problem-text";
    told.setAttribute("role", "alert");
    told.textContent = "Not saved: the desk did not answer. What you typed stands here; save it again.";
    state.append(told);
  }
  document.addEventListener("htmx:sendError", lost);
  document.addEventListener("htmx:timeout", lost);
  document.addEventListener("htmx:responseError", lost);

  // Leaving while a save is under way would lose it.
  let under = 0;
  document.addEventListener("htmx:beforeRequest", function () { under += 1; });
  document.addEventListener("htmx:afterRequest", function () { under = Math.max(0, under - 1); });
  window.addEventListener("beforeunload", function (event) { if (under) { event.preventDefault(); } });

  // What went wrong is where one begins to read.
  const errors = document.querySelector(".errors[tabindex]");
  if (errors) { errors.focus(); }
})();
