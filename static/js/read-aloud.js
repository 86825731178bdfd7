/* 读给我听: the page in the phone's own Chinese voice, or in a recording. Never by itself, and silent on leaving.
   Old WebViews without a voice show no button; without any script the recordings stand there with their own controls. */
(function () {
  'use strict';
  var COOKIE = 'voice';
  var YEAR = 31536000;
  // Nobody listens to buttons and counters, and an error beside its field stands in the summary already.
  var SILENT = '.sr, .btn, .btn--link, select, textarea, script, noscript, audio, .field__error, .field__star, ' +
    '.opinion__count, .autosave, .photo-slot__add, .error-summary__title, [data-read-skip]';
  var IN_DIGITS = '.number-groups, .big-number, [data-copy-button], a[href^="tel:"]';
  var box = document.querySelector('[data-read-aloud]');
  if (!box || !document.createTreeWalker) { return; }
  var button = box.querySelector('[data-read-button]');
  var choice = box.querySelector('[data-read-choice]');
  var trouble = box.querySelector('[data-read-trouble]');
  var recordings = Array.prototype.slice.call(box.querySelectorAll('[data-read-recording]'));
  var speech = window.SpeechSynthesisUtterance && window.speechSynthesis;
  var voice = null;
  var parts = [];
  var playing = null;
  // A sentence that was cut off reports its end, too; and some browsers forget an utterance that nobody holds.
  var turn = 0;
  var utterance = null;

  function matches(element, selector) {
    var test = element.matches || element.webkitMatchesSelector || element.msMatchesSelector;
    return test.call(element, selector);
  }

  function within(element, selector) {
    for (; element && element.nodeType === 1; element = element.parentNode) {
      if (matches(element, selector)) { return true; }
    }
    return false;
  }

  function isShown(element) {
    return element.offsetWidth > 0 || element.offsetHeight > 0;
  }

  /* What is read: errors first, then the marked parts of the page, or all of it. */
  function areas(recorded) {
    var main = document.getElementById('main');
    var found = main.querySelectorAll(recorded ? '[data-recorded]' : '.error-summary, [data-read]');
    if (recorded && !found.length) { found = main.querySelectorAll('h1, h1 + .field__hint'); }
    found = Array.prototype.slice.call(found);
    if (!recorded && !main.querySelector('[data-read]')) { found = [main]; }
    return found;
  }

  function textsOf(area) {
    var walker = document.createTreeWalker(area, NodeFilter.SHOW_TEXT, null, false);
    var found = [];
    while (walker.nextNode()) {
      var node = walker.currentNode;
      var parent = node.parentNode;
      if (/\S/.test(node.data) && isShown(parent) && !within(parent, SILENT)) { found.push(node); }
    }
    return found;
  }

  /* Puts every sentence into a span of its own, so that it can be shown while it is read. */
  function cut(node) {
    var pieces = node.data.match(/[^。！？；]+[。！？；]*|[。！？；]+/g) || [];
    var holder = document.createDocumentFragment();
    pieces.forEach(function (text) {
      var span = document.createElement('span');
      // Signs and spaces alone are not read.
      if (!/[^\s\u3000。！？；，、（）()·•‹›*]/.test(text)) {
        holder.appendChild(document.createTextNode(text));
        return;
      }
      span.textContent = text;
      holder.appendChild(span);
      parts.push({ span: span, text: text, spoken: spoken(text, within(node.parentNode, IN_DIGITS)) });
    });
    node.parentNode.replaceChild(holder, node);
  }

  /* Long numbers are read figure by figure in groups; `from` leads back from each sign to the one on the page. */
  function spoken(text, inDigits) {
    var words = '';
    var from = [];
    function say(signs, at) {
      for (var index = 0; index < signs.length; index += 1) { from.push(at); }
      words += signs;
    }
    text.replace(/\d+|\*+|[^\d*]/g, function (run, at) {
      var apart = /\d/.test(run) && (inDigits || run.length > 4);
      if (run.charAt(0) === '*') { say('，', at); return ''; }
      if (!apart) { say(run, at); return ''; }
      for (var index = 0; index < run.length; index += 1) {
        say(run.charAt(index), at + index);
        say((run.length - index - 1) % 4 || index === run.length - 1 ? ' ' : '，', at + index);
      }
      return '';
    });
    return { words: words, from: from };
  }

  function take(recorded) {
    parts = [];
    areas(recorded).forEach(function (area) { textsOf(area).forEach(cut); });
  }

  function giveBack() {
    parts.forEach(function (part) {
      var parent = part.span.parentNode;
      if (!parent) { return; }
      parent.replaceChild(document.createTextNode(part.text), part.span);
      parent.normalize();
    });
    parts = [];
  }

  function plain(part) {
    part.span.className = '';
    if (part.span.textContent !== part.text || part.span.children.length) { part.span.textContent = part.text; }
  }

  function show(part) {
    parts.forEach(function (other) { if (other !== part && other.span.className) { plain(other); } });
    if (part.span.className) { return; }
    part.span.className = 'read-now';
    var place = part.span.getBoundingClientRect();
    var low = window.innerHeight - 120;
    if (place.top < 0 || place.bottom > low) { window.scrollBy(0, place.top - window.innerHeight / 3); }
  }

  function showWord(part, event) {
    var start = part.spoken.from[event.charIndex];
    var last = part.spoken.from[event.charIndex + (event.charLength || 1) - 1];
    if (start === undefined) { return; }
    var end = (last === undefined ? start : last) + 1;
    var word = document.createElement('mark');
    word.className = 'read-word';
    word.textContent = part.text.slice(start, end);
    part.span.textContent = part.text.slice(0, start);
    part.span.appendChild(word);
    part.span.appendChild(document.createTextNode(part.text.slice(end)));
  }

  function speakFrom(index) {
    var part = parts[index];
    var mine = turn;
    if (!part) { stop(); return; }
    utterance = new window.SpeechSynthesisUtterance(part.spoken.words);
    utterance.voice = voice;
    utterance.lang = voice.lang;
    utterance.rate = 0.9;
    utterance.onboundary = function (event) { if (mine === turn && event.name !== 'sentence') { showWord(part, event); } };
    utterance.onend = function () { if (mine === turn) { plain(part); speakFrom(index + 1); } };
    utterance.onerror = function () { if (mine === turn) { stop(); } };
    show(part);
    speech.speak(utterance);
  }

  /* A recording does not tell where it is: its share of the time is taken as the share of the letters. */
  function follow() {
    var length = parts.reduce(function (sum, part) { return sum + part.text.length; }, 0);
    var read = length * playing.currentTime / (playing.duration || Infinity);
    for (var index = 0; index < parts.length; index += 1) {
      read -= parts[index].text.length;
      if (read < 0) { show(parts[index]); return; }
    }
  }

  function play(audio) {
    var mine = turn;
    playing = audio;
    audio.currentTime = 0;
    var begun = audio.play();
    if (begun && begun['catch']) { begun['catch'](function () { if (mine === turn) { failed(); } }); }
  }

  function failed() {
    stop();
    trouble.hidden = false;
  }

  function stop() {
    turn += 1;
    if (speech) { speech.cancel(); }
    if (playing) { playing.pause(); }
    playing = utterance = null;
    giveBack();
    label(false);
  }

  function label(on) {
    button.textContent = on ? '停止朗读' : '读给我听';
    button.setAttribute('aria-pressed', String(on));
  }

  function start() {
    var wanted = chosen();
    turn += 1;
    trouble.hidden = true;
    label(true);
    take(!!wanted);
    if (wanted) { play(wanted.querySelector('audio')); } else { speakFrom(0); }
  }

  function remembered() {
    var found = document.cookie.match(/(?:^|; )voice=([^;]*)/);
    return found ? decodeURIComponent(found[1]) : '';
  }

  /* The recording to be played, or null for the phone's own voice. */
  function chosen() {
    var wanted = choice.hidden ? remembered() : choice.value;
    var fits = recordings.filter(function (one) { return one.getAttribute('data-read-recording') === wanted; });
    return fits[0] || (voice ? null : recordings[0]);
  }

  function option(value, text) {
    var one = document.createElement('option');
    one.value = value;
    one.textContent = text;
    choice.appendChild(one);
  }

  function offer() {
    choice.textContent = '';
    if (voice) { option('', '普通话（手机读）'); }
    recordings.forEach(function (one) {
      option(one.getAttribute('data-read-recording'), one.querySelector('.read__name').textContent);
      one.hidden = true;
    });
    button.hidden = !choice.options.length;
    choice.hidden = true;
    var wanted = chosen();
    choice.value = wanted ? wanted.getAttribute('data-read-recording') : '';
    choice.hidden = choice.options.length < 2;
  }

  function findVoice() {
    var all = speech.getVoices() || [];
    var chinese = all.filter(function (one) { return /^(zh|cmn)/i.test(one.lang); });
    var best = chinese.filter(function (one) { return /cn|hans/i.test(one.lang) && one.localService; });
    var before = voice;
    voice = best[0] || chinese[0] || null;
    if (voice !== before) { offer(); }
  }

  button.addEventListener('click', function () { if (turn % 2) { stop(); } else { start(); } });
  choice.addEventListener('change', function () {
    document.cookie = COOKIE + '=' + encodeURIComponent(choice.value) + '; path=/; max-age=' + YEAR + '; SameSite=Lax';
    if (turn % 2) { stop(); }
  });
  recordings.forEach(function (one) {
    var audio = one.querySelector('audio');
    audio.addEventListener('timeupdate', function () { if (playing === audio) { follow(); } });
    audio.addEventListener('ended', function () { if (playing === audio) { stop(); } });
    audio.addEventListener('error', function () { if (playing === audio) { failed(); } });
  });
  function leave() { if (turn % 2) { stop(); } }
  window.addEventListener('pagehide', leave);
  window.addEventListener('beforeunload', leave);
  document.addEventListener('visibilitychange', function () { if (document.hidden) { leave(); } });
  document.addEventListener('keydown', function (event) { if (event.keyCode === 27) { leave(); } });
  if (speech && speech.getVoices) {
    findVoice();
    speech.onvoiceschanged = findVoice;
  }
  offer();
}());
