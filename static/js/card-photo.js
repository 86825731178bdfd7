/* 拍照识别: sends the photo of an ID card, waits, fills the fields and writes 「请核对」 under them. Without this script
   the same form posts to a page that waits. Markup: applicants/card_photo.html; needs photo-shrink.js. */
(function () {
  'use strict';
  var PAUSE = 800;
  var PATIENCE = 60000;
  var CHECK = '拍照识别的，请核对。';

  function request(method, url, data, done, failed) {
    var call = new XMLHttpRequest();
    call.open(method, url);
    call.setRequestHeader('X-Requested-With', 'XMLHttpRequest');
    call.setRequestHeader('Accept', 'application/json');
    call.timeout = method === 'POST' ? 120000 : 15000;
    call.onload = function () {
      var answer = null;
      try { answer = JSON.parse(call.responseText); } catch (error) { answer = null; }
      if (call.status === 200 && answer) { done(answer); } else { failed(answer && (answer.error || answer.message), call.status); }
    };
    call.onerror = call.ontimeout = function () { failed('', 0); };
    call.send(data);
    return call;
  }

  function say(control, type) { control.dispatchEvent(new Event(type, { bubbles: true })); }

  function mark(name) {
    var box = document.querySelector('[data-field="' + name + '"]');
    var note;
    if (!box || box.querySelector('.card-photo__check')) { return; }
    note = document.createElement('p');
    note.className = 'field__hint card-photo__check';
    note.textContent = CHECK;
    box.insertBefore(note, box.children[1] || null);
  }

  function fill(name, value) {
    var box = document.querySelector('[data-field="' + name + '"]');
    var picker = box && box.querySelector('[data-region-picker]');
    var control;
    if (!box || !value) { return false; }
    if (picker) {
      if (!picker.anjuPlace) { return false; }
      picker.anjuPlace(value);
    } else {
      control = box.querySelector('[name="' + name + '"]');
      if (!control) { return false; }
      control.value = value;
      say(control, 'input');
      say(control, 'change');
    }
    mark(name);
    return true;
  }

  function start(form) {
    var input = form.querySelector('[data-card-input]');
    var add = form.querySelector('[data-card-add]');
    var state = form.querySelector('[data-card-state]');
    var busy = false;
    var until = 0;

    form.querySelector('[data-card-plain]').hidden = true;
    input.className = 'sr';

    function end(text) {
      busy = false;
      input.value = '';
      input.disabled = false;
      add.textContent = '再拍一次';
      state.textContent = text;
    }

    function done(answer) {
      var count = 0;
      form.getAttribute('data-fields').split(' ').forEach(function (pair) {
        var parts = pair.split(':');
        if (parts[1] && fill(parts[1], answer.fields[parts[0]])) { count += 1; }
      });
      end(count ? '已填好' + count + '项，请核对。' + answer.note : '没有认出身份证，请再拍一次，或者自己填写。');
    }

    function look(url) {
      request('GET', url, null, function (answer) {
        if (answer.state === 'done') { done(answer); return; }
        if (answer.state === 'failed') { end(answer.error); return; }
        state.textContent = answer.before ? '正在排队，前面还有' + answer.before + '张' : '正在识别，请等几秒';
        again(url);
      }, function (message, status) {
        if (status >= 400 && status < 500) { end(message || '识别结果已经过期，请再拍一次，或者自己填写。'); } else { again(url); }
      });
    }

    function again(url) {
      if (new Date().getTime() > until) { end('网络不好，没有等到结果。请再拍一次，或者自己填写。'); return; }
      window.setTimeout(function () { look(url); }, PAUSE);
    }

    function send(blob, name) {
      var data = new FormData();
      data.append('file', blob, name || 'card.jpg');
      data.append('csrfmiddlewaretoken', form.querySelector('[name=csrfmiddlewaretoken]').value);
      state.textContent = '正在上传';
      request('POST', form.getAttribute('action'), data, function (answer) {
        until = new Date().getTime() + PATIENCE;
        state.textContent = '正在识别，请等几秒';
        look(answer.url);
      }, function (message) { end(message || '网络不好，照片没有传上去。请再拍一次，或者自己填写。'); }).upload.onprogress = function (event) {
        if (event.lengthComputable && busy) { state.textContent = '已传 ' + Math.round(event.loaded / event.total * 100) + '%'; }
      };
    }

    function take() {
      var file = input.files[0];
      if (!file || busy) { return; }
      busy = true;
      input.disabled = true;
      state.textContent = '正在准备';
      window.anjuShrink(file, function (blob) { send(blob, file.name); });
    }

    input.addEventListener('change', take);
    if (input.files.length) { take(); }
  }

  if (window.FormData && window.anjuShrink) {
    Array.prototype.forEach.call(document.querySelectorAll('[data-card-photo]'), start);
  }
}());
