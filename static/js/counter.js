/* Live 0/1000 counters and canned phrases of opinion boxes. */
(function () {
  'use strict';

  function start(box) {
    var area = box.querySelector('textarea');
    var count = box.querySelector('[data-count]');
    var limit = Number(box.getAttribute('data-counter'));
    var phrases = box.querySelector('.opinion__phrases');

    function show() {
      // Code points, as the server counts them: a rare surname is one character, not two.
      var text = area.value.replace(/[\uD800-\uDBFF][\uDC00-\uDFFF]/g, '_');
      count.textContent = String(text.length);
      count.parentNode.classList.toggle('is-over', text.length > limit);
    }

    area.addEventListener('input', show);
    window.addEventListener('pageshow', show);
    show();
    if (!phrases) { return; }
    phrases.hidden = false;
    phrases.addEventListener('click', function (event) {
      var phrase = event.target.getAttribute('data-phrase');
      if (!phrase) { return; }
      area.value = area.value ? area.value.replace(/\s+$/, '') + phrase : phrase;
      area.focus();
      area.dispatchEvent(new Event('input', { bubbles: true }));
    });
  }

  Array.prototype.forEach.call(document.querySelectorAll('[data-counter]'), start);
}());
