// A real OpenID provider on the loopback interface, for the end-to-end tests.
//
// It prints one JSON line, {"ready": true, "issuer": ..., "jwks_uri": ..., "client_id": ..., "redirect_uri": ...}, once
// it listens. Logins need no browser: the user named by `login_hint` is logged in without being asked, and every scope
// and resource of the request is granted. Never run this anywhere but in tests.
//
// usage: node server.mjs [--alg RS256|ES256]

import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';

import Provider from 'oidc-provider';

const CLIENT_ID = 'field-app';
const REDIRECT_URI = 'http://127.0.0.1/callback';
const TOKEN_LIFETIME_S = 900;
// Far longer than any shift of the clock, so that moving it does not end a login half way.
const LOGIN_LIFETIME_S = 7 * 24 * 60 * 60;

const KEY_OF_ALGORITHM = {
  RS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
};

const { values: options } = parseArgs({ options: { alg: { type: 'string', default: 'RS256' } } });

/** Extra claims per user, as an operator of the provider would configure them. */
const claimsOfUser = new Map();

/** Signing keys, newest first: the provider signs with the first one and publishes all of them. */
let signingKeys = [];

let provider;
let handleRequest;
let clockOffsetMs = 0;

// The provider reads the time from nowhere else. A shifted clock makes it issue genuine tokens that have expired
// already or that are not valid yet, without anybody waiting for them.
const systemNow = Date.now;
Date.now = () => systemNow() + clockOffsetMs;

function newSigningKey() {
  const { privateKey } = KEY_OF_ALGORITHM[options.alg]();
  const kid = `${options.alg.toLowerCase()}-${randomBytes(6).toString('hex')}`;
  return { ...privateKey.export({ format: 'jwk' }), alg: options.alg, use: 'sig', kid };
}

function configuration() {
  return {
    jwks: { keys: signingKeys },
    cookies: { keys: [randomBytes(32).toString('base64url')] },
    clients: [
      {
        client_id: CLIENT_ID,
        application_type: 'native',
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code'],
        response_types: ['code'],
        redirect_uris: [REDIRECT_URI],
        id_token_signed_response_alg: options.alg,
      },
    ],
    // The default of new clients must be an algorithm that some key of the provider can produce.
    clientDefaults: { id_token_signed_response_alg: options.alg },
    enabledJWA: { idTokenSigningAlgValues: [options.alg] },
    // Extra claims belong into the ID token itself: the webhook never sees the userinfo endpoint.
    conformIdTokenClaims: false,
    claims: { openid: ['sub', 'groups', 'email', 'name'] },
    findAccount: (_ctx, sub) => ({
      accountId: sub,
      claims: () => ({ ...claimsOfUser.get(sub), sub }),
    }),
    extraTokenClaims: (_ctx, token) => claimsOfUser.get(token.accountId),
    features: {
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_ctx, resource) => ({
          scope: 'sync',
          audience: resource,
          accessTokenTTL: TOKEN_LIFETIME_S,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: options.alg } },
        }),
      },
    },
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    loadExistingGrant: grantEverything,
    ttl: {
      AccessToken: TOKEN_LIFETIME_S,
      AuthorizationCode: LOGIN_LIFETIME_S,
      Grant: LOGIN_LIFETIME_S,
      IdToken: TOKEN_LIFETIME_S,
      Interaction: LOGIN_LIFETIME_S,
      Session: LOGIN_LIFETIME_S,
    },
  };
}

async function grantEverything(ctx) {
  const { client, session, params, resourceServers } = ctx.oidc;
  const grant = new ctx.oidc.provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope(params.scope);
  for (const resource of Object.keys(resourceServers ?? {})) grant.addResourceScope(resource, params.scope);
  await grant.save();
  return grant;
}

// The keys of a Provider are fixed when it is made, so a rotation makes a new one behind the same address.
function restartProvider(issuer) {
  provider = new Provider(issuer, configuration());
  handleRequest = provider.callback();
}

async function logInWithoutAsking(request, response) {
  const { params } = await provider.interactionDetails(request, response);
  // `consent` because native apps are otherwise asked each time; what is granted is up to grantEverything.
  await provider.interactionFinished(request, response, { login: { accountId: params.login_hint }, consent: {} });
}

async function readJson(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return chunks.length === 0 ? {} : JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

const controls = {
  '/control/rotate': (issuer, { keep_previous: keepPrevious }) => {
    signingKeys = [newSigningKey(), ...(keepPrevious ? signingKeys : [])];
    restartProvider(issuer);
    return { kid: signingKeys[0].kid };
  },
  '/control/users': (_issuer, { sub, claims }) => {
    claimsOfUser.set(sub, claims);
    return {};
  },
  '/control/clock': (_issuer, { offset_seconds: seconds }) => {
    clockOffsetMs = seconds * 1000;
    return {};
  },
};

const server = createServer(async (request, response) => {
  try {
    const { pathname } = new URL(request.url, 'http://127.0.0.1');
    const control = request.method === 'POST' ? controls[pathname] : undefined;
    if (control !== undefined) {
      const answer = control(`http://127.0.0.1:${server.address().port}`, await readJson(request));
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    } else if (pathname.startsWith('/interaction/')) {
      await logInWithoutAsking(request, response);
    } else {
      handleRequest(request, response);
    }
  } catch (error) {
    console.error(error);
    response.writeHead(500).end();
  }
});

server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  signingKeys = [newSigningKey()];
  restartProvider(issuer);
  console.log(
    JSON.stringify({
      ready: true,
      issuer,
      jwks_uri: `${issuer}/jwks`,
      client_id: CLIENT_ID,
      redirect_uri: REDIRECT_URI,
    }),
  );
});
