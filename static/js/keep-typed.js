/* What is typed into a step form stays in this tab until the server has taken it: a session that ran out, a crash or a
   wrong tap on "back" loses nothing. The key names account, case and version, so no other form ever gets the words. */
(function () {
  'use strict';
  var form = document.querySelector('form[data-keep-typed]');
  var store;
  try { store = window.sessionStorage; } catch (error) { return; }
  if (!form || !store) { return; }
  var key = 'typed:' + form.getAttribute('data-keep-typed');
  var note = form.querySelector('[data-kept-note]');

  function controls() {
    return Array.prototype.filter.call(form.elements, function (control) {
      return control.name && !/^(hidden|file|submit|button)$/.test(control.type);
    });
  }

  function isChoice(control) { return control.type === 'radio' || control.type === 'checkbox'; }

  function save() {
    var typed = controls().filter(function (control) { return isChoice(control) ? control.checked : control.value; });
    store.setItem(key, JSON.stringify(typed.map(function (control) { return [control.name, control.value]; })));
  }

  function restore(typed) {
    typed.forEach(function (pair) {
      controls().forEach(function (control) {
        if (control.name !== pair[0]) { return; }
        if (isChoice(control)) { control.checked = control.checked || control.value === pair[1]; } else { control.value = pair[1]; }
        control.dispatchEvent(new Event(isChoice(control) ? 'change' : 'input', { bubbles: true }));
      });
    });
    note.hidden = false;
  }

  // The server's own answer knows better: it comes with the words it got.
  if (!form.hasAttribute('data-from-server')) {
    var typed = JSON.parse(store.getItem(key) || '[]');
    if (typed.length) { restore(typed); }
  }
  form.addEventListener('input', save);
  form.addEventListener('change', save);
}());
