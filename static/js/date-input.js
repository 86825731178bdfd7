/* A 「选日期」 button beside a typed date, where the browser has a picker. */
(function () {
  'use strict';

  function start(box) {
    var typed = box.querySelector('input');
    var kind = box.getAttribute('data-date-picker');
    var picker = document.createElement('input');
    var button = document.createElement('button');
    picker.type = kind;
    if (picker.type !== kind || !picker.showPicker) { return; }
    picker.className = 'date-input__native';
    picker.tabIndex = -1;
    picker.setAttribute('aria-hidden', 'true');
    button.type = 'button';
    button.className = 'btn btn--small';
    button.textContent = kind === 'month' ? '选月份' : '选日期';
    button.addEventListener('click', function () {
      picker.value = typed.value;
      picker.showPicker();
    });
    picker.addEventListener('change', function () {
      typed.value = picker.value;
      typed.dispatchEvent(new Event('change', { bubbles: true }));
      typed.focus();
    });
    box.appendChild(picker);
    box.appendChild(button);
  }

  Array.prototype.forEach.call(document.querySelectorAll('[data-date-picker]'), start);
}());
