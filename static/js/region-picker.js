/* Region picker: native selects that appear one after another, and a search box. Never a full list.
   Only the lowest answered select carries the field's name, so that a form posts one place. */
(function () {
  'use strict';
  if (window.regionPicker) { return; }
  window.regionPicker = true;
  var PAUSE = 250;

  function get(url, done, failed) {
    var request = new XMLHttpRequest();
    request.open('GET', url);
    request.timeout = 15000;
    request.onload = function () {
      var answer = null;
      try { answer = JSON.parse(request.responseText); } catch (error) { answer = null; }
      if (request.status === 200 && answer) { done(answer); } else { failed(answer && answer.error); }
    };
    request.onerror = request.ontimeout = function () { failed(''); };
    request.send();
    return request;
  }

  function make(tag, text) {
    var element = document.createElement(tag);
    if (text) { element.textContent = text; }
    return element;
  }

  function start(box) {
    var settings = box.dataset;
    var steps = box.querySelector('.region-picker__steps');
    var results = box.querySelector('.region-picker__results');
    var search = box.querySelector('.region-picker__search input');
    var status = box.querySelector('.region-picker__status');
    var timer = null;
    var loading = null;
    var searching = null;

    function terms() {
      return 'level=' + settings.level + (settings.enabled ? '&enabled=1' : '') + (settings.any ? '&any=1' : '');
    }

    function selects() { return Array.prototype.slice.call(steps.querySelectorAll('select')); }

    function nameTheLowest() {
      var all = selects();
      var lowest = all[0];
      all.forEach(function (select) {
        select.removeAttribute('name');
        if (select.value) { lowest = select; }
      });
      if (lowest) { lowest.name = settings.name; }
    }

    function keepFirst(count) {
      while (steps.children.length > count) { steps.removeChild(steps.lastElementChild); }
    }

    function add(step) {
      var holder = make('div');
      var label = make('label', step.label);
      var select = make('select');
      select.id = settings.id + '_' + steps.children.length;
      select.autocomplete = 'off';
      label.htmlFor = select.id;
      select.appendChild(new Option(settings.any ? '全部' : '请选择', ''));
      step.options.forEach(function (place) {
        select.appendChild(new Option(place.name, place.id, false, place.id === step.selected));
      });
      holder.className = 'region-picker__step';
      holder.appendChild(label);
      holder.appendChild(select);
      steps.appendChild(holder);
      return select;
    }

    function load(parent, region, count, focus) {
      var url = settings.childrenUrl + '?' + terms() + '&parent=' + (parent || '') + '&region=' + (region || '');
      if (loading) { loading.abort(); }
      status.textContent = '正在取下一级';
      loading = get(url, function (answer) {
        keepFirst(count);
        var added = answer.steps.map(add);
        nameTheLowest();
        status.textContent = '';
        if (focus && added.length) { added[added.length - 1].focus(); }
        // Others on the page (drafts, conditions) listen for what people enter.
        box.dispatchEvent(new Event('input', { bubbles: true }));
      }, function (message) {
        keepFirst(count);
        nameTheLowest();
        status.textContent = message || '网络不好，下一级没有取到，请再选一次。';
        retry(parent, region, count);
      });
    }

    function retry(parent, region, count) {
      var button = make('button', '再试一次');
      button.type = 'button';
      button.className = 'btn';
      button.onclick = function () { load(parent, region, count, true); };
      status.appendChild(document.createTextNode(' '));
      status.appendChild(button);
    }

    steps.addEventListener('change', function (event) {
      var all = selects();
      var index = all.indexOf(event.target);
      keepFirst(index + 1);
      nameTheLowest();
      status.textContent = '';
      if (event.target.value) { load(event.target.value, '', index + 1, false); }
    });

    function clearResults() {
      results.hidden = true;
      results.textContent = '';
    }

    function note(text) {
      var row = make('li');
      row.appendChild(make('p', text));
      results.appendChild(row);
      results.hidden = false;
    }

    function show(answer) {
      clearResults();
      answer.results.forEach(function (place) {
        var row = make('li');
        var button = make('button');
        var where = make('span', place.where);
        where.className = 'region-picker__where';
        button.type = 'button';
        button.appendChild(make('strong', place.name));
        button.appendChild(document.createTextNode(' '));
        button.appendChild(where);
        button.onclick = function () { choose(place); };
        row.appendChild(button);
        results.appendChild(row);
        results.hidden = false;
      });
      if (!answer.results.length) { note('没有找到，请换个说法，或从上面逐级选择。'); }
      if (answer.has_more) { note('还有更多，请再多输几个字，或在前面加上乡镇名和空格。'); }
    }

    function choose(place) {
      clearResults();
      search.value = '';
      load(settings.within, place.id, 0, true);
    }

    function ask() {
      var text = search.value.replace(/^\s+|\s+$/g, '');
      if (searching) { searching.abort(); }
      if (!text) { clearResults(); return; }
      var url = settings.searchUrl + '?' + terms() + '&within=' + (settings.within || '') + '&q=' + encodeURIComponent(text);
      searching = get(url, show, function () {
        clearResults();
        note('网络不好，没有搜到，请再试一次。');
      });
    }

    // For others on the page that know the place already (card-photo.js).
    box.anjuPlace = function (region) { load(settings.within, region, 0, false); };
    search.addEventListener('input', function (event) {
      // The search text is no answer of the form.
      event.stopPropagation();
      window.clearTimeout(timer);
      timer = window.setTimeout(ask, PAUSE);
    });
    search.addEventListener('change', function (event) { event.stopPropagation(); });
    search.addEventListener('keydown', function (event) {
      if (event.key === 'Enter') {
        // Enter means "search", never "submit the whole form".
        event.preventDefault();
        window.clearTimeout(timer);
        ask();
      } else if (event.key === 'Escape') {
        clearResults();
      }
    });
    if (selects().length) { search.parentNode.hidden = false; }
    nameTheLowest();
  }

  function startAll() {
    Array.prototype.forEach.call(document.querySelectorAll('[data-region-picker]'), start);
  }

  if (document.readyState === 'loading') {
    document.addEventListener('DOMContentLoaded', startAll);
  } else {
    startAll();
  }
}());
