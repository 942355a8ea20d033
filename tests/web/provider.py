"""A small OpenID provider on loopback, for tests: it lets everybody in whom it is told to, and can be told to cheat."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

CLIENT, SECRET = "desk", "a secret of the desk and the provider"


class Provider:
    """Says of whoever comes that they are `claims`. `cheat` changes the claims of a token, `key` signs it."""

    def __init__(self) -> None:
        self.key = self.own = RSAKey.generate_key(2048, {"kid": "one"}, private=True)
        self.claims: dict[str, Any] = {}
        self.cheat: dict[str, Any] = {}
        self.algorithm, self.denies, self.called = "RS256", False, ""
        self.ends = ""
        self.codes: dict[str, dict[str, str]] = {}
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: Any) -> None:
                pass

            def do_GET(self) -> None:
                at = urlsplit(self.path)
                if at.path == "/.well-known/openid-configuration":
                    self.tell(provider.metadata())
                elif at.path == "/keys":
                    self.tell({"keys": [provider.own.as_dict(private=False)]})
                else:
                    asked = {name: values[0] for name, values in parse_qs(at.query).items()}
                    self.send_response(302)
                    self.send_header("Location", provider.authorized(asked))
                    self.end_headers()

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                sent = {name: values[0] for name, values in parse_qs(body).items()}
                told = provider.token(sent, self.headers.get("Authorization", ""))
                self.tell(told or {"error": "invalid_grant"}, 200 if told else 400)

            def tell(self, what: Any, status: int = 200) -> None:
                content = json.dumps(what).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def metadata(self) -> dict[str, Any]:
        """What it says of itself."""
        return {
            "issuer": self.called or self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            **({"end_session_endpoint": self.ends} if self.ends else {}),
            "response_types_supported": ["code"],
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
        }

    def authorized(self, asked: dict[str, str]) -> str:
        """Where the browser goes back to."""
        if self.denies:
            return f"{asked['redirect_uri']}?{urlencode({'error': 'access_denied', 'state': asked['state']})}"
        code = secrets.token_urlsafe(8)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, sent: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """The tokens for a code, once, to the one who began."""
        asked = self.codes.pop(sent.get("code", ""), None)
        proof = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        known = asked and asked["code_challenge"] == base64.urlsafe_b64encode(proof).rstrip(b"=").decode()
        if not asked or not known or sent["redirect_uri"] != asked["redirect_uri"] or basic not in authorization:
            return None
        now = int(time.time())
        told = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        header = {"alg": self.algorithm, "kid": "one"}
        key = self.key if self.algorithm == "RS256" else OctKey.import_key(SECRET)
        signed = jwt.encode(header, told | self.claims | self.cheat, key, algorithms=[self.algorithm])
        return {"access_token": "x", "token_type": "Bearer", "expires_in": 300, "id_token": signed}

    def close(self) -> None:
        """Ends it."""
        self.server.shutdown()
        self.server.server_close()
