/* What is typed into a form stays in this tab until the server has taken it: a session that ran out, a lost line, an
   error page or a wrong tap on "back" loses nothing. The key names account and page, so no other form ever gets the
   words; where it names a version too, a form that was taken is another form. Passwords, files and numbers of
   people are never kept. */
(function () {
  'use strict';
  var SECRET = /one-time-code|password/;
  // Numbers of people stay out of a shared phone's memory: they are typed again.
  var NUMBERS = /(^|[_-])(id_number|phone|mobile|account_tail)$/;
  var store;
  try { store = window.sessionStorage; } catch (error) { return; }
  if (!store) { return; }

  // Sent off and yet here again: brought back by an error page, a new login, "back" or "reload".
  function isReturn() {
    var entry = window.performance && performance.getEntriesByType && performance.getEntriesByType('navigation')[0];
    return /[?&]typed\b/.test(window.location.search) || !!entry && /^(back_forward|reload)$/.test(entry.type);
  }

  function start(form) {
    var key = 'typed:' + form.getAttribute('data-keep-typed');
    var sent = key + ':sent';
    var note = form.querySelector('[data-kept-note]');

    function controls() {
      return Array.prototype.filter.call(form.elements, function (control) {
        return control.name && !/^(hidden|file|submit|button|password)$/.test(control.type) && !isSecret(control);
      });
    }

    function isSecret(control) {
      return NUMBERS.test(control.name) || control.classList.contains('pin') || SECRET.test(control.getAttribute('autocomplete') || '');
    }

    function isChoice(control) { return control.type === 'radio' || control.type === 'checkbox'; }

    function save() {
      var typed = controls().filter(function (control) { return isChoice(control) ? control.checked : control.value; });
      store.setItem(key, JSON.stringify(typed.map(function (control) { return [control.name, control.value]; })));
      store.removeItem(sent);
    }

    function forget() {
      store.removeItem(key);
      store.removeItem(sent);
    }

    /* A list that has no such choice (a village of elsewhere) stays as the server gave it. */
    function takes(control, value) {
      return control.tagName !== 'SELECT' || Array.prototype.some.call(control.options, function (option) { return option.value === value; });
    }

    function restore(typed) {
      typed.forEach(function (pair) {
        var picker = form.querySelector('[data-region-picker][data-name="' + pair[0] + '"]');
        // Its lower lists are still with the server.
        if (picker && picker.anjuPlace) { picker.anjuPlace(pair[1]); return; }
        controls().forEach(function (control) {
          if (control.name !== pair[0] || !takes(control, pair[1])) { return; }
          if (isChoice(control)) { control.checked = control.checked || control.value === pair[1]; } else { control.value = pair[1]; }
          control.dispatchEvent(new Event(isChoice(control) ? 'change' : 'input', { bubbles: true }));
        });
      });
      if (note) { note.hidden = false; }
    }

    // A page opened anew after it was taken starts empty, unless its key changes by itself.
    if (form.hasAttribute('data-keep-once') && store.getItem(sent) && !isReturn()) { forget(); }
    // The server's own answer knows better: it comes with the words it got.
    if (!form.hasAttribute('data-from-server')) {
      var typed = JSON.parse(store.getItem(key) || '[]');
      if (typed.length) { restore(typed); }
    }
    form.addEventListener('input', save);
    form.addEventListener('change', save);
    // Saved while one typed (autosave.js).
    form.addEventListener('anju:saved', forget);
    form.addEventListener('submit', function (event) {
      if (!event.defaultPrevented && store.getItem(key)) { store.setItem(sent, '1'); }
    });
  }

  Array.prototype.forEach.call(document.querySelectorAll('form[data-keep-typed]'), start);
}());
