// Signs, and verifies, with the npm package http-message-signatures: one JSON object a line in, one a line out.
// {"id", "method", "url", "headers", "fields", "created", "keyid", "alg", "key", "signed": {"signature-input", "signature"}}
// Every line is signed anew; what "signed" holds is verified. Keys: an HMAC secret in base64, or {"private", "public"} in PEM.
'use strict';
const crypto = require('crypto');
const readline = require('readline');
const { httpbis } = require('http-message-signatures');

const SIGN = {
  'hmac-sha256': (key) => (data) => crypto.createHmac('sha256', key.secret).update(data).digest(),
  ed25519: (key) => (data) => crypto.sign(null, data, key.private),
  'ecdsa-p256-sha256': (key) => (data) =>
    crypto.sign('sha256', data, { key: key.private, dsaEncoding: 'ieee-p1363' }),
  'rsa-pss-sha512': (key) => (data) =>
    crypto.sign('sha512', data, {
      key: key.private,
      padding: crypto.constants.RSA_PKCS1_PSS_PADDING,
      saltLength: 64,
    }),
};
const VERIFY = {
  'hmac-sha256': (key) => (data, signature) => SIGN['hmac-sha256'](key)(data).equals(signature),
  ed25519: (key) => (data, signature) => crypto.verify(null, data, key.public, signature),
  'ecdsa-p256-sha256': (key) => (data, signature) =>
    crypto.verify('sha256', data, { key: key.public, dsaEncoding: 'ieee-p1363' }, signature),
  'rsa-pss-sha512': (key) => (data, signature) =>
    crypto.verify(
      'sha512',
      data,
      { key: key.public, padding: crypto.constants.RSA_PKCS1_PSS_PADDING, saltLength: 64 },
      signature,
    ),
};
const keys = new Map();

function keyOf(line) {
  const name = JSON.stringify(line.key);
  if (!keys.has(name)) {
    keys.set(
      name,
      typeof line.key === 'string'
        ? { secret: Buffer.from(line.key, 'base64') }
        : { private: crypto.createPrivateKey(line.key.private), public: crypto.createPublicKey(line.key.public) },
    );
  }
  return keys.get(name);
}

async function answer(line) {
  const key = keyOf(line);
  const request = { method: line.method, url: line.url, headers: line.headers };
  const signed = await httpbis.signMessage(
    {
      key: { id: line.keyid, sign: async (data) => SIGN[line.alg](key)(data) },
      name: 'theirs',
      fields: line.fields,
      params: ['created', 'keyid'],
      paramValues: { created: new Date(line.created * 1000), keyid: line.keyid },
    },
    request,
  );
  let verified = null;
  if (line.signed) {
    verified = await httpbis.verifyMessage(
      {
        keyLookup: async () => ({ verify: async (data, signature) => VERIFY[line.alg](key)(data, signature) }),
        notAfter: new Date((line.created + 1) * 1000),
        requiredFields: line.fields,
      },
      { ...request, headers: { ...line.headers, ...line.signed } },
    );
  }
  return {
    id: line.id,
    verified,
    'signature-input': signed.headers['Signature-Input'] || signed.headers['signature-input'],
    signature: signed.headers['Signature'] || signed.headers['signature'],
  };
}

(async () => {
  for await (const text of readline.createInterface({ input: process.stdin })) {
    process.stdout.write(JSON.stringify(await answer(JSON.parse(text))) + '\n');
  }
})().catch((error) => {
  process.stderr.write(String(error && error.stack) + '\n');
  process.exit(1);
});
