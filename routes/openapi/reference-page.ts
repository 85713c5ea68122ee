import { randomBytes } from 'node:crypto';
import scalar from '@scalar/fastify-api-reference';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { SoriError } from '../../src/errors.ts';
import { partsPrefix } from '../page/parts.ts';

/** Where the reference is. */
const docs = '/docs';

/**
 * Nothing but what this server serves. Vue sets the style of elements by attribute, which no nonce can cover:
 * those are allowed, style sheets and scripts only with the nonce.
 */
function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/**
 * Scalar's page gives the nonce to its own style sheet, and forgets those of its toasts and of its theme. This
 * runs before it, and gives it to every one that a script makes.
 */
const styleNonces = `{
  const { nonce } = document.currentScript;
  const { createElement } = Document.prototype;
  Document.prototype.createElement = function (...what) {
    const element = createElement.apply(this, what);
    if (element instanceof HTMLStyleElement) element.nonce = nonce;
    return element;
  };
}`;

/** `GET /docs`: Scalar's page. */
export async function referencePage(app: FastifyInstance): Promise<void> {
  // The page is the same for everyone and holds nothing that anyone sent: one nonce does for the process.
  const nonce = randomBytes(16).toString('base64');
  const first = `<head>
    <link rel="icon" href="${partsPrefix}web/icon.svg">
    <script nonce="${nonce}">${styleNonces}</script>`;
  app.addHook<unknown>('onSend', async (_request, reply, payload) => {
    reply.header('content-security-policy', contentSecurityPolicy(nonce));
    const isPage = String(reply.getHeader('content-type')).startsWith('text/html');
    return isPage ? String(payload).replace('<head>', first) : payload;
  });
  await app.register(scalar, {
    routePrefix: docs,
    logLevel: 'warn',
    hooks: { onRequest: refuseHostThatIsNone },
    configuration: {
      url: '/openapi.json',
      nonce,
      pageTitle: 'Sori: reference',
      withDefaultFonts: false,
      telemetry: false,
      hideClientButton: true,
      hideModels: true,
      showDeveloperTools: 'never',
      agent: { disabled: true },
      mcp: { disabled: true },
    },
  });
}

/** Scalar's plugin makes a URL of the header, and would fail on one that is none. */
async function refuseHostThatIsNone({ protocol, hostname }: FastifyRequest): Promise<void> {
  if (!URL.canParse(`${protocol}://${hostname}`))
    throw new SoriError('invalid_request', 'expected a host name in the header host');
}
