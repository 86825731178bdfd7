/* The one way to the server for photos and autosave: tells a lost line, a lost login and a refusal apart.
   anjuSend.post(url, body, on): body() makes the FormData anew for each try; exactly one of
   on.done(answer), on.refused(words), on.login(url), on.lost() follows, unless stop() was called on what it returns. */
(function () {
  'use strict';
  var PAUSES = [1000, 2000, 4000, 8000, 15000, 30000];
  // A slow line may take minutes for a photo, as long as something moves.
  var SILENCE = 60000;
  var ANSWER = 180000;

  function read(request) {
    var answer = null;
    try { answer = JSON.parse(request.responseText); } catch (error) { answer = null; }
    return answer && typeof answer === 'object' ? answer : null;
  }

  function open(method, url) {
    var request = new XMLHttpRequest();
    request.open(method, url);
    request.setRequestHeader('X-Requested-With', 'XMLHttpRequest');
    request.setRequestHeader('Accept', 'application/json, text/html');
    return request;
  }

  /* This page once more: another tab may have logged out, in again, or as somebody else.
     found('ok' | 'login' | 'gone' | 'lost', login page) */
  function renew(found) {
    var request = open('GET', window.location.href);
    request.timeout = SILENCE;
    request.onload = function () {
      var token = /name="csrfmiddlewaretoken" value="([^"]+)"/.exec(request.responseText);
      if (request.status === 401) { found('login', (read(request) || {}).login_url); return; }
      if (request.status >= 500 || request.status === 429) { found('lost'); return; }
      if (request.status !== 200 || !token) { found('gone'); return; }
      Array.prototype.forEach.call(document.querySelectorAll('[name=csrfmiddlewaretoken]'), function (field) {
        field.value = token[1];
      });
      found('ok');
    };
    request.onerror = request.ontimeout = function () { found('lost'); };
    request.send();
  }

  function post(url, body, on) {
    var request, timer;
    var isOver = false;
    var isRenewed = false;

    function end(what, value) {
      if (isOver) { return; }
      isOver = true;
      window.clearTimeout(timer);
      on[what](value);
    }

    function watch(patience) {
      window.clearTimeout(timer);
      timer = window.setTimeout(function () {
        end('lost');
        request.abort();
      }, patience);
    }

    function answered() {
      var answer = read(request);
      var words = answer && (answer.error || answer.message);
      var status = request.status;
      // A page instead of an answer is somebody else's: the network's own login, a proxy that is overloaded.
      if (status < 300 && !answer || status >= 500 || status === 429 || status === 408) { end('lost'); return; }
      if (status < 300) { end('done', answer); return; }
      if (status === 401) { end('login', answer && answer.login_url); return; }
      if (status === 403 && !answer && !isRenewed) { again(); return; }
      end('refused', words || '');
    }

    // The form's token is too old: a login in another tab brought a new one.
    function again() {
      isRenewed = true;
      renew(function (state, login) {
        if (isOver) { return; }
        if (state === 'ok') { send(); return; }
        end({ login: 'login', gone: 'refused', lost: 'lost' }[state], login || '');
      });
    }

    function send() {
      request = open('POST', url);
      if (request.upload) {
        request.upload.onprogress = function (event) {
          watch(event.loaded < event.total ? SILENCE : ANSWER);
          if (on.progress && event.lengthComputable) { on.progress(Math.round(event.loaded / event.total * 100)); }
        };
      }
      request.onload = answered;
      request.onerror = function () { end('lost'); };
      watch(SILENCE);
      request.send(body());
    }

    send();
    return {
      stop: function () {
        isOver = true;
        window.clearTimeout(timer);
        request.abort();
      }
    };
  }

  function link(url) {
    var element = document.createElement('a');
    element.href = url || '/login/';
    // Beside this page, so that what is chosen here and not yet sent stays.
    element.target = '_blank';
    element.textContent = '重新登录';
    return element;
  }

  window.anjuSend = {
    post: post,
    renew: renew,
    loginLink: link,
    pause: function (tries) { return PAUSES[Math.min(tries, PAUSES.length - 1)]; }
  };
}());
