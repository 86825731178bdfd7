/* Photos in a native dialog: arrows, swipe, double tap, wheel and pinch zoom, Esc closes. Without it the links simply open. */
(function () {
  'use strict';
  if (typeof HTMLDialogElement === 'undefined') { return; }
  var dialog, image, caption, place, download;
  var links = [];
  var at = 0;
  var zoom = 1, left = 0, top = 0;
  var points = {}, last = null, spread = 0, from = null;

  function button(text, label, act) {
    var element = document.createElement('button');
    element.type = 'button';
    element.className = 'btn btn--small';
    element.textContent = text;
    if (label) { element.setAttribute('aria-label', label); }
    element.addEventListener('click', act);
    return element;
  }

  function build() {
    var stage = document.createElement('div');
    var bar = document.createElement('div');
    dialog = document.createElement('dialog');
    image = document.createElement('img');
    caption = document.createElement('p');
    place = document.createElement('span');
    download = document.createElement('a');
    dialog.className = 'viewer';
    dialog.setAttribute('aria-label', '查看照片');
    stage.className = 'viewer__stage';
    bar.className = 'viewer__bar';
    caption.className = 'viewer__caption';
    download.className = 'btn btn--small';
    download.textContent = '下载';
    place.setAttribute('role', 'status');
    stage.appendChild(image);
    [caption, button('‹ 上一张', '', function () { go(at - 1); }), place, button('下一张 ›', '', function () { go(at + 1); }),
      button('放大', '', function () { scale(zoom * 1.5); }), button('缩小', '', function () { scale(zoom / 1.5); }),
      download, button('关闭', '', function () { dialog.close(); })].forEach(function (item) { bar.appendChild(item); });
    dialog.appendChild(stage);
    dialog.appendChild(bar);
    document.body.appendChild(dialog);
    stage.addEventListener('pointerdown', press);
    stage.addEventListener('pointermove', drag);
    stage.addEventListener('pointerup', lift);
    stage.addEventListener('pointercancel', lift);
    stage.addEventListener('dblclick', function () { scale(zoom > 1 ? 1 : 2.5); });
    stage.addEventListener('wheel', function (event) { event.preventDefault(); scale(zoom * (event.deltaY < 0 ? 1.2 : 1 / 1.2)); });
    dialog.addEventListener('keydown', keys);
    dialog.addEventListener('close', function () { links[at].focus(); });
  }

  function paint() { image.style.transform = 'translate(' + left + 'px,' + top + 'px) scale(' + zoom + ')'; }

  function scale(value) {
    zoom = Math.max(1, Math.min(6, value));
    if (zoom === 1) { left = top = 0; }
    paint();
  }

  function go(index) {
    at = (index + links.length) % links.length;
    var link = links[at];
    image.src = link.href;
    image.alt = link.querySelector('img').alt;
    caption.textContent = link.getAttribute('data-caption') || '';
    place.textContent = (at + 1) + '/' + links.length;
    download.hidden = !link.hasAttribute('data-download');
    download.href = link.getAttribute('data-download') || '';
    scale(1);
  }

  function keys(event) {
    if (event.key === 'ArrowLeft') { go(at - 1); }
    if (event.key === 'ArrowRight') { go(at + 1); }
    if (event.key === '+' || event.key === '=') { scale(zoom * 1.5); }
    if (event.key === '-') { scale(zoom / 1.5); }
  }

  function press(event) {
    points[event.pointerId] = { x: event.clientX, y: event.clientY };
    last = from = { x: event.clientX, y: event.clientY };
    spread = 0;
    event.currentTarget.setPointerCapture(event.pointerId);
  }

  function drag(event) {
    if (!points[event.pointerId]) { return; }
    points[event.pointerId] = { x: event.clientX, y: event.clientY };
    var ids = Object.keys(points);
    if (ids.length === 2) {
      var one = points[ids[0]], two = points[ids[1]];
      var now = Math.hypot(one.x - two.x, one.y - two.y);
      if (spread) { scale(zoom * now / spread); }
      spread = now;
      from = null;
    } else if (zoom > 1) {
      left += event.clientX - last.x;
      top += event.clientY - last.y;
      paint();
    }
    last = { x: event.clientX, y: event.clientY };
  }

  function lift(event) {
    delete points[event.pointerId];
    if (zoom === 1 && from && Math.abs(event.clientX - from.x) > 60) { go(at + (event.clientX < from.x ? 1 : -1)); }
    from = null;
  }

  document.addEventListener('click', function (event) {
    var link = event.target.closest('[data-viewer] a[data-photo]');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) { return; }
    event.preventDefault();
    if (!dialog) { build(); }
    links = Array.prototype.slice.call(link.closest('[data-viewer]').querySelectorAll('a[data-photo]'));
    dialog.showModal();
    go(links.indexOf(link));
  });
}());
