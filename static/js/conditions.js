/* Conditional questions. The rules come from the server (common/forms/conditions.py) as data attributes:
   data-show-if and data-required-if hold a list of alternatives, each {posted name: [values]}; "*" means any answer.
   window.anjuConditions.decide() is the whole rule; tests compare it with the server's over random answers. */
(function () {
  'use strict';

  function matches(given, wanted) {
    if (wanted.length === 1 && wanted[0] === '*') { return given.length > 0; }
    return given.some(function (value) { return wanted.indexOf(value) >= 0; });
  }

  /* rules: name -> {show: [...], required: [...], whenShown, always}; answers: name -> [posted strings].
     Returns name -> {shown, required}. */
  function decide(rules, answers) {
    var shown = {};
    function isShown(name) {
      var rule = rules[name];
      if (!rule || !rule.show || !rule.show.length) { return true; }
      if (!(name in shown)) {
        shown[name] = false;
        shown[name] = rule.show.some(holds);
      }
      return shown[name];
    }
    function holds(alternative) {
      return Object.keys(alternative).every(function (name) {
        return matches(isShown(name) ? (answers[name] || []) : [], alternative[name]);
      });
    }
    var result = {};
    Object.keys(rules).forEach(function (name) {
      var rule = rules[name];
      var required = rule.always || rule.whenShown || (rule.required || []).some(holds);
      result[name] = { shown: isShown(name), required: Boolean(required) };
    });
    return result;
  }

  window.anjuConditions = { decide: decide };

  function read(form) {
    var rules = {};
    Array.prototype.forEach.call(form.querySelectorAll('[data-field]'), function (box) {
      rules[box.getAttribute('data-field')] = {
        box: box,
        show: JSON.parse(box.getAttribute('data-show-if') || '[]'),
        required: JSON.parse(box.getAttribute('data-required-if') || '[]'),
        whenShown: box.hasAttribute('data-required-when-shown'),
        always: box.classList.contains('is-required')
      };
    });
    return rules;
  }

  function answersOf(form) {
    var answers = {};
    Array.prototype.forEach.call(form.elements, function (control) {
      if (!control.name || control.type === 'file' || control.type === 'submit') { return; }
      if ((control.type === 'radio' || control.type === 'checkbox') && !control.checked) { return; }
      var value = control.value.trim();
      if (value === '') { return; }
      (answers[control.name] = answers[control.name] || []).push(value);
    });
    return answers;
  }

  function start(form) {
    var rules = read(form);
    var live = Object.keys(rules).some(function (name) { return rules[name].show.length || rules[name].required.length; });
    if (!live) { return; }
    function apply() {
      var decided = decide(rules, answersOf(form));
      Object.keys(rules).forEach(function (name) {
        var box = rules[name].box;
        if (rules[name].show.length) {
          box.hidden = !decided[name].shown;
          box.classList.add('is-shown-below');
        }
        box.classList.toggle('is-required', decided[name].required);
      });
    }
    form.addEventListener('change', apply);
    form.addEventListener('input', apply);
    window.addEventListener('pageshow', apply);
    apply();
  }

  Array.prototype.forEach.call(document.forms, start);
}());
