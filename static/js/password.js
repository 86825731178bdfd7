// 【显示】 beside a password box, the rules ticked as one types, a hint when capitals are locked or full-width is on.
"use strict";

const RULES = {
  length: (text, item) => text.length >= 8 && text.length <= Number(item.dataset.most),
  digit: (text) => /[0-9]/.test(text),
  upper: (text) => /[A-Z]/.test(text),
  lower: (text) => /[a-z]/.test(text),
  sign: (text) => /[^0-9A-Za-z\s]/.test(text),
};

for (const box of document.querySelectorAll("[data-password]")) {
  const show = document.createElement("button");
  show.type = "button";
  show.className = "btn--link";
  show.textContent = "显示密码";
  show.addEventListener("click", () => {
    const hidden = box.type === "password";
    box.type = hidden ? "text" : "password";
    show.textContent = hidden ? "隐藏密码" : "显示密码";
  });
  const hint = document.createElement("p");
  hint.className = "field__hint";
  hint.setAttribute("role", "status");
  box.after(show, hint);
  const look = (event) => {
    const caps = event.getModifierState && event.getModifierState("CapsLock");
    const wide = /[\uff01-\uff5e\u3000]/.test(box.value);
    hint.textContent = wide ? "输入了全角字符，请切换到半角" : caps ? "大写锁定已打开" : "";
  };
  box.addEventListener("keyup", look);
  box.addEventListener("input", look);
  // The browser should remember it as a password, not as a text.
  if (box.form) box.form.addEventListener("submit", () => { box.type = "password"; });
}

for (const list of document.querySelectorAll("[data-password-rules]")) {
  const box = document.querySelector(`[name="${list.dataset.passwordRules}"]`);
  if (!box) continue;
  list.hidden = false;
  const tick = () => {
    for (const item of list.querySelectorAll("[data-rule]")) {
      const kept = RULES[item.dataset.rule](box.value, item);
      item.dataset.words = item.dataset.words || item.textContent;
      item.textContent = (kept ? "已满足：" : "还需要：") + item.dataset.words;
    }
  };
  box.addEventListener("input", tick);
  tick();
}
