/* Calms a double tap. The submit token on the server is the protection; this only shows that work is going on. */
(function () {
  'use strict';
  var WAIT = 20000;

  function start(form) {
    var busy = false;
    var buttons = form.querySelectorAll('[data-submit]');

    function mark(on) {
      busy = on;
      Array.prototype.forEach.call(buttons, function (button) {
        if (on) {
          button.setAttribute('aria-disabled', 'true');
          button.setAttribute('data-label', button.textContent);
          button.textContent = '正在提交…';
        } else if (button.hasAttribute('data-label')) {
          button.removeAttribute('aria-disabled');
          button.textContent = button.getAttribute('data-label');
        }
      });
    }

    form.addEventListener('submit', function (event) {
      if (event.defaultPrevented) { return; }
      if (busy) { event.preventDefault(); return; }
      // After the event, so that the pressed button's name is still posted.
      window.setTimeout(function () { mark(true); }, 0);
      window.setTimeout(function () { mark(false); }, WAIT);
    });
    // WeChat brings the old page back from memory, with its button still grey.
    window.addEventListener('pageshow', function (event) { if (event.persisted) { mark(false); } });
  }

  Array.prototype.forEach.call(document.querySelectorAll('[data-submit-once]'), start);
}());
