/* Makes a phone photo small before it travels: at most 2048 px and 1 MB, and only when that is really smaller.
   The original goes when the browser cannot decode it (HEIC): the server accepts what phones make.
   JPEG keeps its EXIF block (time, place), which the server reads into columns and then strips. */
(function () {
  'use strict';
  var SIDE = 2048;
  var BYTES = 1024 * 1024;

  function exifOf(buffer) {
    var view = new DataView(buffer);
    var at = 2;
    if (view.byteLength < 4 || view.getUint16(0) !== 0xFFD8) { return null; }
    while (at + 4 < view.byteLength) {
      var marker = view.getUint16(at);
      var size = view.getUint16(at + 2);
      if (marker === 0xFFE1 && view.getUint32(at + 4) === 0x45786966) { return buffer.slice(at, at + 2 + size); }
      if ((marker & 0xFF00) !== 0xFF00 || marker === 0xFFDA) { return null; }
      at += 2 + size;
    }
    return null;
  }

  /* Orientation 1: the canvas has already turned the picture, a second turn on the server would undo it. */
  function upright(exif) {
    var copy = exif.slice(0);
    var view = new DataView(copy);
    var start = 10;
    var little = view.getUint16(start) === 0x4949;
    var at = start + view.getUint32(start + 4, little);
    var count = view.getUint16(at, little);
    for (var i = 0; i < count; i += 1) {
      var entry = at + 2 + i * 12;
      if (view.getUint16(entry, little) === 0x0112) { view.setUint16(entry + 8, 1, little); }
    }
    return copy;
  }

  function withExif(blob, exif, done) {
    if (!exif) { done(blob); return; }
    try {
      done(new Blob([new Uint8Array([0xFF, 0xD8]), upright(exif), blob.slice(2)], { type: 'image/jpeg' }));
    } catch (error) { done(blob); }
  }

  function draw(image, quality, done) {
    var scale = Math.min(1, SIDE / Math.max(image.naturalWidth, image.naturalHeight));
    var canvas = document.createElement('canvas');
    canvas.width = Math.round(image.naturalWidth * scale);
    canvas.height = Math.round(image.naturalHeight * scale);
    canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob(function (blob) {
      if (blob && blob.size > BYTES && quality > 0.5) { draw(image, quality - 0.15, done); } else { done(blob); }
    }, 'image/jpeg', quality);
  }

  /* done(blob): what to send; never fails, at worst it is the file itself. */
  window.anjuShrink = function (file, done) {
    var canShrink = window.URL && URL.createObjectURL && HTMLCanvasElement.prototype.toBlob && window.FileReader;
    if (!canShrink || file.size <= BYTES || !/^image\/(jpeg|webp)$/.test(file.type)) { done(file); return; }
    var address = URL.createObjectURL(file);
    var image = new Image();
    image.onerror = function () { URL.revokeObjectURL(address); done(file); };
    image.onload = function () {
      draw(image, 0.85, function (blob) {
        URL.revokeObjectURL(address);
        if (!blob || blob.size >= file.size) { done(file); return; }
        var reader = new FileReader();
        reader.onerror = function () { done(blob); };
        reader.onload = function () {
          var exif = null;
          try { exif = exifOf(reader.result); } catch (error) { exif = null; }
          withExif(blob, exif, done);
        };
        reader.readAsArrayBuffer(file.slice(0, 256 * 1024));
      });
    };
    image.src = address;
  };
}());
