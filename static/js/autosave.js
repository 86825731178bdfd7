/* Drafts: posts the form loosely to data-autosave-url within 10 seconds of a change and when the page is left.
   「已保存 14:03」 is written only when the server has answered {ok, saved_at: "14:03"}. Sends by send.js. */
(function () {
  'use strict';
  var PAUSE = 4000;

  function start(form) {
    var url = form.getAttribute('data-autosave-url');
    var status = form.querySelector('[data-autosave-state]');
    var timer = null;
    var changed = false;
    var line = null;
    var tries = 0;

    function say(text) { if (status) { status.textContent = text; } }

    function body() {
      var data = new FormData();
      Array.prototype.forEach.call(form.elements, function (control) {
        // Photos travel on their own; the submit token is for the real submit only.
        if (!control.name || control.name === 'submit_token' || /^(file|submit|button)$/.test(control.type)) { return; }
        if ((control.type === 'radio' || control.type === 'checkbox') && !control.checked) { return; }
        if (control.type === 'select-multiple') {
          Array.prototype.forEach.call(control.selectedOptions, function (option) { data.append(control.name, option.value); });
          return;
        }
        data.append(control.name, control.value);
      });
      data.append('autosave', '1');
      return data;
    }

    function plan(wait) {
      window.clearTimeout(timer);
      timer = window.setTimeout(save, wait);
    }

    function save() {
      if (!changed || line) { return; }
      changed = false;
      line = window.anjuSend.post(url, body, {
        done: saved,
        refused: function (words) {
          line = null;
          say(words || '没有保存，请刷新页面后再填。');
        },
        login: function (login) {
          failed('登录已超时，还没有保存。请');
          if (status) { status.appendChild(window.anjuSend.loginLink(login)); }
        },
        lost: function () { failed('网络不好，还没有保存，正在重试'); }
      });
    }

    function saved(answer) {
      line = null;
      tries = 0;
      if (!answer.saved_at) { failed('没有保存，正在重试'); return; }
      say('已保存 ' + answer.saved_at);
      if (changed) { plan(PAUSE); return; }
      // Nothing on this page that the server does not have: the tab may forget it (keep-typed.js).
      form.dispatchEvent(new Event('anju:saved'));
    }

    function failed(words) {
      line = null;
      changed = true;
      say(words);
      plan(window.anjuSend.pause(tries));
      tries += 1;
    }

    function onChange(event) {
      if (event.target.type === 'file') { return; }
      changed = true;
      if (!line) { plan(PAUSE); }
    }

    function differs(control) {
      if (control.type === 'radio' || control.type === 'checkbox') { return control.checked !== control.defaultChecked; }
      return 'defaultValue' in control && control.type !== 'file' && control.value !== control.defaultValue;
    }

    // Typed while this script was still on its slow way, or brought back by the browser.
    if (Array.prototype.some.call(form.elements, differs)) { changed = true; plan(PAUSE); }

    form.addEventListener('input', onChange);
    form.addEventListener('change', onChange);
    // What is still on the line must not arrive after what is sent now; the server would refuse it, too.
    function stop() {
      window.clearTimeout(timer);
      if (!line) { return; }
      line.stop();
      line = null;
      changed = true;
    }

    form.addEventListener('submit', function (event) {
      if (event.defaultPrevented) { return; }
      stop();
      changed = false;
    });
    window.addEventListener('online', function () { plan(0); });
    window.addEventListener('focus', function () { if (changed && tries) { plan(0); } });
    window.addEventListener('pagehide', function () {
      stop();
      if (changed && navigator.sendBeacon) { navigator.sendBeacon(url, body()); changed = false; }
    });
  }

  if (window.FormData && window.anjuSend) {
    Array.prototype.forEach.call(document.querySelectorAll('[data-autosave-url]'), start);
  }
}());
