/* 【定位】: [data-locate] names the ids of the hidden inputs (data-lon, data-lat, data-crs, data-source) and a status line.
   A helper only: the address can always be typed. Browsers give WGS-84. */
(function () {
  'use strict';

  function put(id, value) {
    var input = id && document.getElementById(id);
    if (!input) { return; }
    input.value = value;
    input.dispatchEvent(new Event('change', { bubbles: true }));
  }

  function start(button) {
    var status = document.getElementById(button.getAttribute('data-status'));
    if (!navigator.geolocation) { return; }
    button.hidden = false;
    button.addEventListener('click', function () {
      status.textContent = '正在定位，请稍候…';
      navigator.geolocation.getCurrentPosition(function (position) {
        put(button.getAttribute('data-lon'), position.coords.longitude.toFixed(6));
        put(button.getAttribute('data-lat'), position.coords.latitude.toFixed(6));
        put(button.getAttribute('data-crs'), 'WGS-84');
        put(button.getAttribute('data-source'), 'browser');
        status.textContent = '已记下这里的位置（误差约' + Math.round(position.coords.accuracy) + '米）。';
      }, function (error) {
        status.textContent = error.code === 1
          ? '没有得到定位许可。不影响申请，请直接填写地址。'
          : '暂时定不了位。不影响申请，请直接填写地址。';
      }, { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 });
    });
  }

  Array.prototype.forEach.call(document.querySelectorAll('[data-locate]'), start);
}());
