// A second relying party that knows nothing of ours: npm's openid-client. Usage: node relying_party.mjs ISSUER CLIENT PORT
// Prints the address to open, waits for the code on loopback, prints what it was told, refreshes once, and ends.
import http from "node:http";
import { createRequire } from "node:module";
const client = await import(createRequire(process.env.NPM_HOME + "/").resolve("openid-client"));

const [issuer, id, port] = process.argv.slice(2);
const back = `http://127.0.0.1:${port}/cb`;
const config = await client.discovery(new URL(issuer), id, undefined, client.None(), { execute: [client.allowInsecureRequests] });
const verifier = client.randomPKCECodeVerifier();
const state = client.randomState();
const nonce = client.randomNonce();
const address = client.buildAuthorizationUrl(config, {
  redirect_uri: back, scope: "openid profile roles", state, nonce,
  code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: "S256",
});
http.createServer(async (request, reply) => {
  try {
    const given = await client.authorizationCodeGrant(config, new URL(request.url, back), {
      pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true,
    });
    const claims = given.claims();
    const told = await client.fetchUserInfo(config, given.access_token, claims.sub);
    const again = await client.refreshTokenGrant(config, given.refresh_token);
    reply.end("ok");
    console.log(JSON.stringify({ claims, told, refreshed: again.refresh_token !== given.refresh_token }));
    process.exit(0);
  } catch (error) {
    reply.end("failed");
    console.log(JSON.stringify({ error: String(error), cause: String(error.cause) }));
    process.exit(1);
  }
}).listen(Number(port), "127.0.0.1", () => console.log(address.href));
