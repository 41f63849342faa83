// Shows the message that waits for a shopper: <div data-merchantstudio-message="/my/message" hidden></div>.
// The address is one of the shop's own, whose server asks the studio with its secret key for the shopper who is signed in.
(function (w, d) {
  'use strict';
  function add(box, tag, text) {
    if (!text) return null;
    var part = d.createElement(tag);
    part.textContent = text;
    box.appendChild(part);
    return part;
  }

  function fill(box, message) {
    box.textContent = '';
    add(box, 'strong', message.subject);
    String(message.text || '').split('\n\n').forEach(function (text) {
      var part = add(box, 'p', text);
      if (part) part.style.whiteSpace = 'pre-line';
    });
    if (message.button_text && /^https?:\/\//i.test(message.button_link || '')) add(box, 'a', message.button_text).href = message.button_link;
    if (message.language) box.lang = message.language;
    box.hidden = false;
  }

  [].forEach.call(d.querySelectorAll('[data-merchantstudio-message]'), function (box) {
    var from = new URL(box.dataset.merchantstudioMessage, w.location.href);
    // Another site's answer is nothing to show here, and a code is nothing to ask it for.
    if (from.origin !== w.location.origin) return;
    w.fetch(from.href, { credentials: 'same-origin' })
      .then(function (answer) { return answer.status === 200 ? answer.json() : null; })
      .then(function (message) { if (message) fill(box, message); })
      .catch(function () { /* a shop without a message is a shop all the same */ });
  });
})(window, document);
