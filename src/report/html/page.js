"use strict";
// Filters, sorting and folding for the lists. Everything is in the page already: without this script all of it is shown.
// Text of the record is only ever compared and set as text.
(function () {
  var collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

  function element(name, text) {
    var made = document.createElement(name);
    if (text !== undefined) { made.textContent = text; }
    return made;
  }

  function values(bodies, key) {
    var seen = new Set();
    bodies.forEach(function (body) { if (body.dataset[key]) { seen.add(body.dataset[key]); } });
    return Array.from(seen).sort(collator.compare);
  }

  function set_up(section) {
    var table = section.querySelector("table.list");
    var tools = section.querySelector(".tools");
    if (!table || !tools) { return; }
    var bodies = Array.from(table.tBodies);
    var said = tools.querySelector("[role=status]");
    var search = tools.querySelector("input");
    var selects = Array.from(tools.querySelectorAll("select"));
    var texts = bodies.map(function (body) { return body.textContent.toLowerCase(); });

    selects.forEach(function (select) {
      values(bodies, select.dataset.key).forEach(function (value) {
        var option = element("option", value);
        option.value = value;
        select.append(option);
      });
    });

    function show() {
      var words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
      var shown = 0;
      bodies.forEach(function (body, index) {
        var fits = words.every(function (word) { return texts[index].includes(word); }) &&
          selects.every(function (select) { return !select.value || body.dataset[select.dataset.key] === select.value; });
        body.hidden = !fits;
        shown += fits ? 1 : 0;
      });
      said.textContent = "Showing " + shown.toLocaleString("en-US") + " of " + bodies.length.toLocaleString("en-US") + ".";
    }

    var timer = 0;
    search.addEventListener("input", function () { clearTimeout(timer); timer = setTimeout(show, 120); });
    selects.forEach(function (select) { select.addEventListener("change", show); });
    tools.querySelector(".clear").addEventListener("click", function () {
      search.value = "";
      selects.forEach(function (select) { select.value = ""; });
      show();
      search.focus();
    });

    var openers = [];
    bodies.forEach(function (body) {
      var more = body.querySelector(".more");
      var cell = body.rows[0].cells[body.rows[0].cells.length - 1];
      var button = element("button", "Evidence");
      button.type = "button";
      button.className = "open";
      button.setAttribute("aria-expanded", "false");
      button.setAttribute("aria-controls", more.id);
      button.setAttribute("aria-label", "Evidence for " + body.dataset.name);
      function open(yes) {
        more.hidden = !yes;
        button.setAttribute("aria-expanded", String(yes));
      }
      open(false);
      button.addEventListener("click", function () { open(more.hidden); });
      openers.push(open);
      cell.append(button);
    });

    // What is open on the screen is open on paper.
    var all = tools.querySelector(".all");
    all.addEventListener("click", function () {
      var yes = all.getAttribute("aria-pressed") !== "true";
      all.setAttribute("aria-pressed", String(yes));
      openers.forEach(function (open) { open(yes); });
    });

    var headings = Array.from(table.tHead.rows[0].cells);
    headings.forEach(function (heading, column) {
      if (!heading.dataset.sort) { return; }
      var button = element("button", heading.textContent);
      button.type = "button";
      heading.textContent = "";
      heading.append(button);
      heading.setAttribute("aria-sort", "none");
      button.addEventListener("click", function () {
        var down = heading.getAttribute("aria-sort") === "ascending";
        headings.forEach(function (other) { if (other.dataset.sort) { other.setAttribute("aria-sort", "none"); } });
        heading.setAttribute("aria-sort", down ? "descending" : "ascending");
        var numbers = heading.dataset.sort === "number";
        var keyed = Array.from(table.tBodies).map(function (body) {
          var text = body.rows[0].cells[column].dataset.value;
          if (text === undefined) { text = body.rows[0].cells[column].textContent; }
          return { body: body, key: numbers ? (text === "" ? NaN : Number(text)) : text };
        });
        keyed.sort(function (a, b) {
          // What has no value stands at the end in either direction.
          var a_none = numbers ? Number.isNaN(a.key) : a.key === "";
          var b_none = numbers ? Number.isNaN(b.key) : b.key === "";
          if (a_none || b_none) { return Number(a_none) - Number(b_none); }
          var order = numbers ? a.key - b.key : collator.compare(a.key, b.key);
          return down ? -order : order;
        });
        var sorted = document.createDocumentFragment();
        keyed.forEach(function (entry) { sorted.append(entry.body); });
        table.append(sorted);
      });
    });

    tools.hidden = false;
    show();
  }

  document.querySelectorAll("section.filtered").forEach(set_up);
}());
