/* Amounts in 元: thousands while they are read, 大写 beside each, totals below. The server adds again and decides.
   Markup: inputs with data-amount, and <output data-sum="names of the amounts"> inside a hidden [data-sums].
   window.anjuCapital() must say what common/amounts.py says; a test compares the two. */
(function () {
  'use strict';
  var DIGITS = '零壹贰叁肆伍陆柒捌玖';
  var PLACES = ['', '拾', '佰', '仟'];
  var GROUPS = ['', '万', '亿', '兆'];

  function fourWords(part) {
    var words = '';
    String(part).split('').reverse().forEach(function (digit, place) {
      if (digit !== '0') { words = DIGITS[Number(digit)] + PLACES[place] + words; } else if (words && words[0] !== '零') { words = '零' + words; }
    });
    return words;
  }

  function wholeWords(number) {
    var words = '';
    var group = 0;
    if (!number) { return '零'; }
    while (number) {
      var part = number % 10000;
      number = Math.floor(number / 10000);
      if (part) { words = (number && part < 1000 ? '零' : '') + fourWords(part) + GROUPS[group] + words; } else if (words && words[0] !== '零') { words = '零' + words; }
      group += 1;
    }
    return words;
  }

  /* 「壹万贰仟叁佰元整」 of an amount in 分. */
  function capital(cents) {
    var whole = Math.floor(cents / 100);
    var jiao = Math.floor(cents / 10) % 10;
    var fen = cents % 10;
    var words = whole || !(jiao || fen) ? wholeWords(whole) + '元' : '';
    if (!(jiao || fen)) { return words + '整'; }
    if (jiao) { words += (whole && whole % 10 === 0 ? '零' : '') + DIGITS[jiao] + '角'; } else if (whole) { words += '零'; }
    return fen ? words + DIGITS[fen] + '分' : words + '整';
  }

  window.anjuCapital = capital;

  /* 分, or null for what is no amount; whole numbers, because 0.1 + 0.2 is not 0.3. */
  function cents(text) {
    var plain = text.replace(/[\s,，]|元$/g, '');
    var match = /^(\d{1,10})(?:\.(\d{0,2}))?$/.exec(plain);
    return match ? Number(match[1]) * 100 + Number(((match[2] || '') + '00').slice(0, 2)) : null;
  }

  function figure(amount) {
    var whole = String(Math.floor(amount / 100)).replace(/\B(?=(\d{3})+$)/g, ',');
    return whole + '.' + ('0' + amount % 100).slice(-2);
  }

  function start(form) {
    var inputs = Array.prototype.slice.call(form.querySelectorAll('[data-amount]'));
    if (!inputs.length) { return; }
    var words = inputs.map(function (input) {
      var element = document.createElement('span');
      element.className = 'amount__words';
      input.parentNode.parentNode.appendChild(element);
      return element;
    });

    function sum(names) {
      return names.split(' ').reduce(function (total, name) {
        var input = form.elements[name];
        return total + (input && cents(input.value) || 0);
      }, 0);
    }

    function show() {
      inputs.forEach(function (input, index) {
        var amount = cents(input.value);
        words[index].textContent = amount === null ? '' : '大写：' + capital(amount);
      });
      Array.prototype.forEach.call(form.querySelectorAll('[data-sum]'), function (output) {
        var total = sum(output.getAttribute('data-sum'));
        output.textContent = figure(total) + '元（大写：' + capital(total) + '）';
      });
      Array.prototype.forEach.call(form.querySelectorAll('[data-sums]'), function (box) {
        // Hidden questions have no total.
        box.hidden = inputs.every(function (input) { var field = input.closest('[data-field]'); return field && field.hidden; });
      });
    }

    inputs.forEach(function (input) {
      input.addEventListener('blur', function () {
        var amount = cents(input.value);
        if (amount !== null) { input.value = figure(amount); }
      });
    });
    form.addEventListener('input', show);
    form.addEventListener('change', show);
    window.addEventListener('pageshow', show);
    show();
  }

  if (Element.prototype.closest) { Array.prototype.forEach.call(document.forms, start); }
}());
