/* Drafts: posts the form loosely to data-autosave-url within 10 seconds of a change and when the page is left.
   「已保存 14:03」 is written only when the server has answered {ok, saved_at: "14:03"}. */
(function () {
  'use strict';
  var PAUSE = 4000;
  var RETRY = 10000;

  function start(form) {
    var url = form.getAttribute('data-autosave-url');
    var status = form.querySelector('[data-autosave-state]');
    var timer = null;
    var changed = false;
    var sending = false;
    var request = null;

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
      if (!changed || sending) { return; }
      request = new XMLHttpRequest();
      changed = false;
      sending = true;
      request.open('POST', url);
      request.setRequestHeader('X-Requested-With', 'XMLHttpRequest');
      request.timeout = 20000;
      request.onload = function () {
        var answer = {};
        try { answer = JSON.parse(request.responseText); } catch (error) { answer = {}; }
        sending = false;
        if (request.status < 300 && answer.saved_at) {
          say('已保存 ' + answer.saved_at);
          if (changed) { plan(PAUSE); }
        } else if (request.status === 409 || request.status === 403 || request.status === 404) {
          say(answer.error || '没有保存，请刷新页面后再填。');
        } else {
          failed();
        }
      };
      request.onerror = request.ontimeout = failed;
      request.send(body());
    }

    function failed() {
      sending = false;
      changed = true;
      say('网络不好，还没有保存，正在重试');
      plan(RETRY);
    }

    function onChange(event) {
      if (event.target.type === 'file') { return; }
      changed = true;
      if (!timer || !sending) { plan(PAUSE); }
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
      if (!sending) { return; }
      sending = false;
      changed = true;
      request.abort();
    }

    form.addEventListener('submit', function (event) {
      if (event.defaultPrevented) { return; }
      stop();
      changed = false;
    });
    window.addEventListener('online', function () { plan(0); });
    window.addEventListener('pagehide', function () {
      stop();
      if (changed && navigator.sendBeacon) { navigator.sendBeacon(url, body()); changed = false; }
    });
  }

  Array.prototype.forEach.call(document.querySelectorAll('[data-autosave-url]'), start);
}());
