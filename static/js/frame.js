/* What every page needs: error focus and title, copying numbers, filters folded on phones, job progress. */
(function () {
  'use strict';

  function errors() {
    var summary = document.querySelector('[data-error-summary]');
    if (!summary) { return; }
    if (document.title.indexOf('错误：') !== 0) { document.title = '错误：' + document.title; }
    summary.focus();
    summary.addEventListener('click', function (event) {
      var link = event.target.closest ? event.target.closest('a') : event.target;
      var target = link && link.hash && document.getElementById(decodeURIComponent(link.hash.slice(1)));
      if (!target) { return; }
      event.preventDefault();
      var field = target.closest ? target.closest('.field') : null;
      (field || target).scrollIntoView();
      target.focus();
    });
  }

  function copying() {
    var buttons = document.querySelectorAll('[data-copy-button]');
    if (!navigator.clipboard) { return; }
    Array.prototype.forEach.call(buttons, function (button) {
      button.hidden = false;
      button.addEventListener('click', function () {
        navigator.clipboard.writeText(button.getAttribute('data-copy-button')).then(function () {
          button.textContent = '已复制';
        });
      });
    });
  }

  function filters() {
    var box = document.querySelector('[data-filters]');
    if (box && window.matchMedia && window.matchMedia('(max-width: 44.99em)').matches) { box.open = false; }
  }

  function job(box) {
    var bar = box.querySelector('[data-job-bar]');
    var text = box.querySelector('[data-job-text]');
    function ask() {
      var request = new XMLHttpRequest();
      request.open('GET', box.getAttribute('data-job-url'));
      request.onload = function () {
        var answer;
        try { answer = JSON.parse(request.responseText); } catch (error) { return later(); }
        if (answer.finished_url) { window.location.assign(answer.finished_url); return; }
        bar.max = answer.total || 1;
        bar.value = answer.done;
        text.textContent = answer.text;
        later();
      };
      request.onerror = later;
      request.send();
    }
    function later() { window.setTimeout(ask, 2000); }
    later();
  }

  function wideTables() {
    Array.prototype.forEach.call(document.querySelectorAll('.table-box'), function (box) {
      // Only a table that does not fit gets a box of its own: inside one the head no longer sticks to the window.
      if (box.scrollWidth > box.clientWidth) {
        box.classList.add('table-box--wide');
        box.tabIndex = 0;
      }
    });
  }

  function folds() {
    window.addEventListener('beforeprint', function () {
      Array.prototype.forEach.call(document.querySelectorAll('details.fold'), function (fold) { fold.open = true; });
    });
  }

  /* WeChat brings old pages back from memory after the phone has passed to somebody else, and drafts that were sent:
     such a page is asked for anew. Photos that still wait go on by themselves (photo-upload.js). */
  function freshness() {
    if (!document.documentElement.classList.contains('villager')) { return; }
    window.addEventListener('pageshow', function (event) {
      if (event.persisted && !document.querySelector('[data-pending]:not([data-pending="0"])')) { window.location.reload(); }
    });
  }

  errors();
  freshness();
  wideTables();
  folds();
  copying();
  filters();
  Array.prototype.forEach.call(document.querySelectorAll('[data-job-url]'), job);
  Array.prototype.forEach.call(document.querySelectorAll('[data-print]'), function (button) {
    button.hidden = false;
    button.addEventListener('click', function () { window.print(); });
  });
}());
