/* One photo = one request, retried until the server has it (decision 7). A photo gets its ✓ only from the server's answer.
   Markup: components/photo_slot.html. Request: file, client_id, slot. Answer: {ok, uid, number, thumb, url, delete_url} or {error}.
   Sends by send.js. */
(function () {
  'use strict';

  function uuid() {
    var bytes = new Uint8Array(16);
    (window.crypto || window.msCrypto).getRandomValues(bytes);
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    var hex = Array.prototype.map.call(bytes, function (b) { return ('0' + b.toString(16)).slice(-2); }).join('');
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  }

  function node(tag, css, text) {
    var element = document.createElement(tag);
    if (css) { element.className = css; }
    if (text) { element.textContent = text; }
    return element;
  }

  function start(slot) {
    var list = slot.querySelector('[data-slot-list]');
    var input = slot.querySelector('[data-slot-input]');
    var add = slot.querySelector('[data-slot-add]');
    var banner = slot.querySelector('[data-slot-banner]');
    var count = slot.querySelector('[data-slot-count]');
    var plain = slot.querySelector('[data-slot-plain]');
    var maximum = Number(slot.getAttribute('data-max'));
    var label = slot.getAttribute('data-label');
    var unit = slot.getAttribute('data-unit') || '张';
    var waiting = [];
    var active = null;
    var troubled = false;
    var loginUrl = null;
    var isTold = false;
    var isLeaving = false;

    plain.hidden = true;
    input.multiple = true;
    input.className = 'sr';

    function saved() { return list.querySelectorAll('[data-uid]').length; }

    function refresh() {
      var open = waiting.length + (active ? 1 : 0);
      count.textContent = '已上传 ' + saved() + ' ' + unit + '，最多 ' + maximum + ' ' + unit;
      isTold = isTold && open > 0;
      banner.hidden = !((troubled || isTold) && open);
      if (!banner.hidden) { explain(open); }
      add.hidden = input.disabled = list.children.length >= maximum;
      slot.setAttribute('data-pending', String(open));
      if (saved()) { forgive(); }
    }

    function explain(open) {
      var rest = '还有 ' + open + ' ' + unit + '未上传';
      if (isTold) { banner.textContent = rest + '，请等一等。不想等，就再点一次。'; return; }
      banner.textContent = loginUrl === null ? '网络不好，正在重试，' + rest : '登录已超时，' + rest + '。请';
      if (loginUrl !== null) { banner.appendChild(window.anjuSend.loginLink(loginUrl)); }
    }

    /* Nobody goes on without knowing what is still on the way; whoever insists may. Before submit-once.js greys the button. */
    function holdBack(event) {
      if (event.target !== slot.closest('form')) { return; }
      isLeaving = isTold || !(waiting.length || active);
      if (isLeaving) { return; }
      event.preventDefault();
      isTold = true;
      refresh();
      banner.scrollIntoView();
    }

    /* 「请至少上传1张」 is over once there is one; other errors of the page stay. */
    function forgive() {
      var summary = document.querySelector('[data-error-summary]');
      var links = summary ? summary.querySelectorAll('li') : [];
      if (!slot.classList.contains('has-error')) { return; }
      slot.classList.remove('has-error');
      Array.prototype.forEach.call(slot.querySelectorAll('.field__error'), function (text) { text.hidden = true; });
      if (links.length === 1 && summary.querySelector('a[href="#' + input.id + '"]')) { summary.hidden = true; }
    }

    function token() {
      var field = slot.closest('form').querySelector('[name=csrfmiddlewaretoken]');
      return field ? field.value : '';
    }

    function show(file) {
      var item = node('li', 'photo');
      var image = node('img');
      var bar = node('progress');
      var state = node('span', 'photo__state', '等待上传');
      image.alt = label;
      if (/^image\/(jpeg|png|webp)$/.test(file.type)) { image.src = URL.createObjectURL(file); }
      if (!/^image\//.test(file.type)) { image = node('span', 'photo__caption', file.name); }
      bar.max = 100;
      bar.value = 0;
      state.setAttribute('role', 'status');
      item.appendChild(image);
      item.appendChild(bar);
      item.appendChild(state);
      list.appendChild(item);
      return { id: uuid(), file: file, item: item, image: image, bar: bar, state: state, tries: 0 };
    }

    function choose(files) {
      Array.prototype.forEach.call(files, function (file) {
        if (list.children.length < maximum) { waiting.push(show(file)); }
      });
      next();
    }

    function next() {
      refresh();
      if (active || !waiting.length) { return; }
      active = waiting.shift();
      active.state.textContent = '正在准备';
      if (active.blob) { send(active); return; }
      window.anjuShrink(active.file, function (blob) { active.blob = blob; send(active); });
    }

    function send(photo) {
      window.clearTimeout(photo.timer);
      photo.timer = null;
      if (photo.line) { return; }
      photo.state.textContent = '正在上传';
      photo.line = window.anjuSend.post(slot.getAttribute('data-upload-url'), function () { return body(photo); }, {
        progress: function (share) {
          photo.bar.value = share;
          photo.state.textContent = share < 100 ? '已传 ' + share + '%' : '正在保存';
        },
        done: function (answer) { answered(photo, answer); },
        refused: function (words) { refused(photo, words); },
        login: function (url) { again(photo, url || ''); },
        lost: function () { again(photo, null); }
      });
      refresh();
    }

    function body(photo) {
      var data = new FormData();
      data.append('file', photo.blob, photo.file.name || 'photo.jpg');
      data.append('client_id', photo.id);
      data.append('slot', slot.getAttribute('data-slot'));
      data.append('csrfmiddlewaretoken', token());
      return data;
    }

    function answered(photo, answer) {
      photo.line = null;
      if (answer.ok) { kept(photo, answer); } else { refused(photo, answer.error); }
    }

    function kept(photo, answer) {
      troubled = false;
      loginUrl = null;
      // A retry of a photo the server already has answers with the same uid: one photo, one place.
      var twin = list.querySelector('[data-uid="' + answer.uid + '"]');
      if (twin && twin !== photo.item) { list.removeChild(photo.item); } else { settle(photo, answer); }
      finish();
    }

    function settle(photo, answer) {
      photo.item.setAttribute('data-uid', answer.uid);
      photo.item.removeChild(photo.bar);
      if (answer.thumb && photo.image.tagName !== 'IMG') {
        var paper = node('img');
        paper.alt = label;
        photo.item.replaceChild(paper, photo.image);
        photo.image = paper;
      }
      if (answer.thumb) { photo.image.src = answer.thumb; }
      photo.state.textContent = '✓ 第' + answer.number + unit;
      if (answer.delete_url) { photo.item.appendChild(removal(answer.delete_url)); }
    }

    function removal(url) {
      var button = node('button', 'btn--link', '删除');
      button.type = 'submit';
      button.setAttribute('data-delete', url);
      button.setAttribute('formaction', url);
      return button;
    }

    function refused(photo, message) {
      photo.line = null;
      photo.item.className = 'photo photo--failed';
      photo.state.textContent = message || '没有传上去，请删除后重新选择。';
      if (photo.bar.parentNode) { photo.item.removeChild(photo.bar); }
      var drop = node('button', 'btn--link', '删除');
      drop.type = 'button';
      drop.addEventListener('click', function () { list.removeChild(photo.item); refresh(); });
      photo.item.appendChild(drop);
      finish();
    }

    /* A login in another tab is found out by trying, too. */
    function again(photo, login) {
      var pause = window.anjuSend.pause(photo.tries);
      photo.line = null;
      loginUrl = login;
      photo.tries += 1;
      photo.bar.value = 0;
      photo.state.textContent = '没有传上去，' + Math.round(pause / 1000) + '秒后再试';
      troubled = true;
      refresh();
      photo.timer = window.setTimeout(function () { send(photo); }, pause);
      if (!photo.retry) {
        photo.retry = node('button', 'btn--link', '马上重试');
        photo.retry.type = 'button';
        photo.retry.addEventListener('click', function () { send(photo); });
      }
      photo.item.appendChild(photo.retry);
    }

    function finish() {
      if (active && active.retry && active.retry.parentNode) { active.item.removeChild(active.retry); }
      active = null;
      next();
    }

    function remove(button) {
      var item = button.closest('.photo');
      var request = new XMLHttpRequest();
      var data = new FormData();
      var state = item.querySelector('.photo__state');
      data.append('csrfmiddlewaretoken', token());
      request.open('POST', button.getAttribute('data-delete'));
      request.setRequestHeader('X-Requested-With', 'XMLHttpRequest');
      request.setRequestHeader('Accept', 'application/json');
      request.onload = function () {
        if (request.status < 300 || request.status === 404) { list.removeChild(item); refresh(); return; }
        state.textContent = '没有删除，请再试一次';
      };
      request.onerror = function () { state.textContent = '网络不好，没有删除，请再试一次'; };
      request.send(data);
    }

    function take() { choose(input.files); input.value = ''; }

    input.addEventListener('change', take);
    list.addEventListener('click', function (event) {
      var button = event.target.closest('[data-delete]');
      if (button) { event.preventDefault(); remove(button); }
    });
    function goOn() { if (active && active.timer) { send(active); } }

    // What was on the line when the phone put this page aside will never be answered; and who is logged in by now?
    function comeBack(event) {
      if (!event.persisted || !active) { return; }
      if (active.line) { active.line.stop(); active.line = null; }
      window.anjuSend.renew(function (state, login) {
        if (state === 'gone') { active = null; waiting = []; window.location.reload(); return; }
        if (!active) { return; }
        if (state === 'ok') { send(active); } else { again(active, state === 'login' ? login || '' : null); }
      });
    }

    document.addEventListener('submit', holdBack, true);
    window.addEventListener('online', goOn);
    window.addEventListener('focus', goOn);
    window.addEventListener('pageshow', comeBack);
    window.addEventListener('beforeunload', function (event) {
      if (!isLeaving && (waiting.length || active)) { event.preventDefault(); event.returnValue = ''; }
    });
    refresh();
    // Chosen while this script was still on its slow way.
    if (input.files.length) { take(); }
  }

  if (window.FormData && Element.prototype.closest && window.anjuSend) {
    Array.prototype.forEach.call(document.querySelectorAll('[data-photo-slot]'), start);
  }
}());
