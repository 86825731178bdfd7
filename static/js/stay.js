/* Ten minutes before the login lapses the page says so, and one tap keeps it (enough time for slow hands). */
(function () {
  'use strict';
  var WARN = 600;
  var LOOK = 10000;
  var box = document.querySelector('[data-stay]');
  if (!box || !window.JSON) { return; }
  var button = box.querySelector('button');
  var ends;

  function part(name) { return box.querySelector('[data-stay-' + name + ']'); }

  function lasts(seconds) { ends = new Date().getTime() + seconds * 1000; }

  /* By the clock, not by counting: a phone in the pocket lets no time pass for scripts. */
  function look() {
    var left = Math.ceil((ends - new Date().getTime()) / 1000);
    var over = left <= 0;
    box.hidden = left > WARN;
    part('soon').hidden = button.hidden = over;
    part('over').hidden = part('login').hidden = !over;
    if (!over) { part('minutes').textContent = String(Math.ceil(left / 60)); }
  }

  box.addEventListener('submit', function (event) {
    var request = new XMLHttpRequest();
    event.preventDefault();
    part('trouble').hidden = true;
    request.open('POST', box.getAttribute('action'));
    request.setRequestHeader('X-Requested-With', 'XMLHttpRequest');
    request.setRequestHeader('Content-Type', 'application/x-www-form-urlencoded');
    request.timeout = 20000;
    request.onload = function () {
      var answer = {};
      try { answer = JSON.parse(request.responseText); } catch (error) { answer = {}; }
      if (request.status === 401) { lasts(0); } else if (answer.seconds) { lasts(answer.seconds); } else { failed(); }
      look();
    };
    request.onerror = request.ontimeout = failed;
    request.send('csrfmiddlewaretoken=' + encodeURIComponent(box.querySelector('[name=csrfmiddlewaretoken]').value));
  });

  function failed() { part('trouble').hidden = false; }

  lasts(Number(box.getAttribute('data-stay')));
  look();
  window.setInterval(look, LOOK);
}());
