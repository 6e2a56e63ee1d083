/* Passkeys: the page carries the server's options; the browser's answer goes back with the form. */
(function () {
  "use strict";
  function bytes(text) {
    var plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, function (letter) { return letter.charCodeAt(0); });
  }
  function text(buffer) {
    var plain = String.fromCharCode.apply(null, new Uint8Array(buffer));
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }
  function readable(options) {
    var key = options.publicKey;
    key.challenge = bytes(key.challenge);
    if (key.user) {
      key.user.id = bytes(key.user.id);
      key.authenticatorSelection = Object.assign({}, key.authenticatorSelection,
        { residentKey: "required", requireResidentKey: true, userVerification: "required" });
    }
    (key.excludeCredentials || []).concat(key.allowCredentials || []).forEach(function (one) { one.id = bytes(one.id); });
    return options;
  }
  function answer(credential) {
    var parts = {};
    ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"].forEach(function (name) {
      if (credential.response[name]) { parts[name] = text(credential.response[name]); }
    });
    if (credential.response.getTransports) { parts.transports = credential.response.getTransports(); }
    return JSON.stringify({
      id: credential.id, rawId: text(credential.rawId), type: credential.type, response: parts,
      authenticatorAttachment: credential.authenticatorAttachment || undefined,
      clientExtensionResults: credential.getClientExtensionResults()
    });
  }
  function options(form) {
    if (form.dataset.passkeyUrl) {
      return fetch(form.dataset.passkeyUrl, { headers: { "X-Requested-With": "XMLHttpRequest" } })
        .then(function (reply) { return reply.json(); }).then(function (data) { return data.request_options; });
    }
    var data = JSON.parse(document.getElementById("passkey-data").textContent);
    var wanted = data.creation_options || data.request_options;
    return Promise.resolve(wanted.creation_options || wanted.request_options || wanted);
  }
  document.querySelectorAll("form[data-passkey]").forEach(function (form) {
    if (!window.PublicKeyCredential) { return; }
    form.hidden = false;
    form.addEventListener("submit", function (event) {
      if (form.elements.credential.value) { return; }
      event.preventDefault();
      var trouble = form.querySelector("[data-passkey-trouble]");
      trouble.hidden = true;
      options(form).then(readable).then(function (wanted) {
        return form.dataset.passkey === "create" ? navigator.credentials.create(wanted) : navigator.credentials.get(wanted);
      }).then(function (credential) {
        form.elements.credential.value = answer(credential);
        form.submit();
      }).catch(function () { trouble.hidden = false; trouble.focus(); });
    });
  });
})();
