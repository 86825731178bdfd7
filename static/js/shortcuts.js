/* Staff keyboard: j/k move along the rows, Enter opens, / goes to the filters, Alt+S submits, Alt+B goes back. */
(function () {
  'use strict';
  var rows = Array.prototype.slice.call(document.querySelectorAll('[data-rows] [data-href]'));
  var here = -1;

  function typing(target) {
    return /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || target.isContentEditable;
  }

  function move(step) {
    if (!rows.length) { return; }
    if (here >= 0) { rows[here].classList.remove('is-here'); }
    here = Math.max(0, Math.min(rows.length - 1, here + step));
    rows[here].classList.add('is-here');
    rows[here].scrollIntoView({ block: 'nearest' });
    var link = rows[here].querySelector('a');
    if (link) { link.focus(); }
  }

  document.addEventListener('keydown', function (event) {
    if (event.altKey && event.code === 'KeyS') {
      var submit = document.querySelector('main [data-submit]');
      if (submit) { event.preventDefault(); submit.click(); }
      return;
    }
    if (event.altKey && event.code === 'KeyB') {
      var back = document.querySelector('main [data-back]');
      if (back) { event.preventDefault(); back.click(); }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) { return; }
    if (event.key === 'j') { move(1); }
    if (event.key === 'k') { move(-1); }
    if (event.key === '/') {
      var field = document.querySelector('.filters input, .filters select');
      if (field) { event.preventDefault(); field.closest('details').open = true; field.focus(); }
    }
    if (event.key === 'Enter' && here >= 0 && event.target === document.body) {
      window.location.assign(rows[here].getAttribute('data-href'));
    }
  });

  rows.forEach(function (row, index) {
    row.addEventListener('click', function (event) {
      if (event.target.closest('a, button, input, label') || String(window.getSelection())) { return; }
      window.location.assign(row.getAttribute('data-href'));
    });
    row.addEventListener('focusin', function () {
      if (here >= 0) { rows[here].classList.remove('is-here'); }
      here = index;
      row.classList.add('is-here');
    });
  });
}());
